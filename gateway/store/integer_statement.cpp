#include "gateway/store/integer_statement.h"

#include "gateway/store/database.h"
#include "gateway/store/sql_text.h"

#include <sqlite3.h>

namespace delta::store {

IntegerStatement::IntegerStatement(Database &database, QLatin1StringView name)
    : m_database(database)
    , m_name(name)
{
}

IntegerStatement::~IntegerStatement()
{
    ::sqlite3_finalize(m_statement);
}

Result<void> IntegerStatement::prepare()
{
    const QByteArray text = queryText(m_name).toUtf8();
    const int outcome = ::sqlite3_prepare_v3(m_database.handle(), text.constData(),
                                             static_cast<int>(text.size()),
                                             SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr);
    return outcome == SQLITE_OK ? Result<void>() : failure(m_database.lastError());
}

Result<void> IntegerStatement::run(std::span<const qint64> values)
{
    if (!m_statement) {
        TRY_VOID(prepare());
    }
    int place = 0;
    for (const qint64 value : values) {
        ::sqlite3_bind_int64(m_statement, ++place, value);
    }
    const bool isDone = ::sqlite3_step(m_statement) == SQLITE_DONE;
    const ApiError error = isDone ? ApiError() : m_database.lastError();
    ::sqlite3_reset(m_statement);
    return isDone ? Result<void>() : failure(error);
}

} // namespace delta::store
