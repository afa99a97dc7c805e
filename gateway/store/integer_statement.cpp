#include "gateway/store/integer_statement.h"

#include "gateway/store/database.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/sqlite_driver.h"

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
    const int outcome = ::sqlite3_prepare_v3(sqliteHandle(m_database.connection()),
                                             text.constData(), static_cast<int>(text.size()),
                                             SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr);
    return outcome == SQLITE_OK ? Result<void>()
                                : failure(lastSqliteError(m_database.connection()));
}

Result<void> IntegerStatement::add(std::span<const qint64> row)
{
    if (!m_statement) {
        TRY_VOID(prepare());
    }
    int place = 0;
    for (const qint64 value : row) {
        ::sqlite3_bind_int64(m_statement, ++place, value);
    }
    const bool isDone = ::sqlite3_step(m_statement) == SQLITE_DONE;
    const ApiError error = isDone ? ApiError() : lastSqliteError(m_database.connection());
    ::sqlite3_reset(m_statement);
    return isDone ? Result<void>() : failure(error);
}

} // namespace delta::store
