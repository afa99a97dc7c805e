#pragma once

#include "gateway/store/row_sink.h"

struct sqlite3_stmt;

namespace delta::store {

class Database;

/// The prepared insertion of one event: the only statement that runs once per call. It uses
/// SQLite's own interface, because binding 33 values through QVariant takes three times as long as
/// the insertion.
class EventStatement final : public EventSink
{
public:
    /// `database` must outlive the statement.
    explicit EventStatement(Database &database);
    ~EventStatement() override;

    [[nodiscard]] Result<void> add(const EventRow &row) override;
    [[nodiscard]] Result<void> finish() override
    {
        return {};
    }
    void clear() override
    {
    }

private:
    [[nodiscard]] Result<void> prepare();

    Database &m_database;
    sqlite3_stmt *m_statement = nullptr; ///< Null until first used.
};

} // namespace delta::store
