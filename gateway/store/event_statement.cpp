#include "gateway/store/event_statement.h"

#include "gateway/store/database.h"
#include "gateway/store/event_visit.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/sqlite_driver.h"

#include <sqlite3.h>

#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// Binds values to the parameters of a statement, from the first on. Texts must outlive the
/// execution.
class Binder
{
public:
    explicit Binder(sqlite3_stmt *statement)
        : m_statement(statement)
    {
    }

    void number(qint64 value)
    {
        ::sqlite3_bind_int64(m_statement, m_next++, value);
    }
    void text(const QByteArray &value)
    {
        ::sqlite3_bind_text(m_statement, m_next++, value.constData(),
                            static_cast<int>(value.size()), SQLITE_STATIC);
    }
    void textOrNull(const QByteArray &value)
    {
        if (value.isEmpty()) {
            ::sqlite3_bind_null(m_statement, m_next++);
        } else {
            text(value);
        }
    }
    void durationOrNull(std::chrono::microseconds value)
    {
        if (value.count() < 0) {
            ::sqlite3_bind_null(m_statement, m_next++);
        } else {
            number(value.count());
        }
    }

private:
    sqlite3_stmt *m_statement;
    int m_next = 1;
};

} // namespace

EventStatement::EventStatement(Database &database)
    : m_database(database)
{
}

EventStatement::~EventStatement()
{
    ::sqlite3_finalize(m_statement);
}

Result<void> EventStatement::prepare()
{
    const QByteArray text = queryText("events/insert"_L1).toUtf8();
    const int outcome = ::sqlite3_prepare_v3(sqliteHandle(m_database.connection()),
                                             text.constData(), static_cast<int>(text.size()),
                                             SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr);
    return outcome == SQLITE_OK ? Result<void>()
                                : failure(lastSqliteError(m_database.connection()));
}

Result<void> EventStatement::add(const EventRow &row)
{
    if (!m_statement) {
        TRY_VOID(prepare());
    }
    Binder binder(m_statement);
    visitEvent(binder, row);
    const bool isDone = ::sqlite3_step(m_statement) == SQLITE_DONE;
    const ApiError error = isDone ? ApiError() : lastSqliteError(m_database.connection());
    ::sqlite3_reset(m_statement);
    return isDone ? Result<void>() : failure(error);
}

} // namespace delta::store
