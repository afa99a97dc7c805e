#include "gateway/store/event_statement.h"

#include "gateway/store/database.h"
#include "gateway/store/sql_text.h"

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
    void usage(const Usage &value)
    {
        number(value.inputTokens);
        number(value.outputTokens);
        number(value.cacheReadTokens);
        number(value.cacheWriteTokens);
        number(value.reasoningTokens);
        number(value.audioInputTokens);
        number(value.audioOutputTokens);
        number(value.images);
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
    const int outcome = ::sqlite3_prepare_v3(m_database.handle(), text.constData(),
                                             static_cast<int>(text.size()),
                                             SQLITE_PREPARE_PERSISTENT, &m_statement, nullptr);
    return outcome == SQLITE_OK ? Result<void>() : failure(m_database.lastError());
}

Result<void> EventStatement::insert(const EventRow &row)
{
    if (!m_statement) {
        TRY_VOID(prepare());
    }
    bind(row);
    const bool isDone = ::sqlite3_step(m_statement) == SQLITE_DONE;
    const ApiError error = isDone ? ApiError() : m_database.lastError();
    ::sqlite3_reset(m_statement);
    return isDone ? Result<void>() : failure(error);
}

void EventStatement::bind(const EventRow &row)
{
    const SpendEntry &entry = row.entry;
    Binder binder(m_statement);
    binder.number(row.id);
    binder.text(entry.requestId);
    binder.textOrNull(entry.clientRequestId);
    binder.number(row.operation);
    binder.number(row.key);
    binder.number(row.user);
    binder.number(row.team);
    binder.number(row.model);
    binder.number(row.deployment);
    binder.number(row.provider);
    binder.number(row.upstreamModel);
    binder.textOrNull(entry.endUser);
    binder.number(entry.startedAt.time_since_epoch().count());
    binder.number(entry.latency.count());
    binder.durationOrNull(entry.timeToFirst);
    binder.durationOrNull(entry.upstreamLatency);
    binder.usage(entry.usage);
    binder.number(static_cast<int>(entry.usageSource));
    binder.number(entry.cost.nanos());
    binder.number(entry.isPriced ? 1 : 0);
    binder.number(entry.isStream ? 1 : 0);
    binder.number(static_cast<int>(entry.outcome));
    binder.number(entry.status);
    binder.textOrNull(entry.errorCode);
}

} // namespace delta::store
