#pragma once

#include "gateway/store/event_row.h"
#include "shared/core/result.h"

struct sqlite3_stmt;

namespace delta::store {

class Database;

/// The prepared insertion of one event: the only statement that runs once per call. It uses
/// SQLite's own interface, because binding 31 values through QVariant takes three times as long as
/// the insertion.
class EventStatement
{
public:
    /// `database` must outlive the statement.
    explicit EventStatement(Database &database);
    ~EventStatement();
    EventStatement(const EventStatement &) = delete;
    EventStatement &operator=(const EventStatement &) = delete;

    [[nodiscard]] Result<void> insert(const EventRow &row);

private:
    [[nodiscard]] Result<void> prepare();
    void bind(const EventRow &row);

    Database &m_database;
    sqlite3_stmt *m_statement = nullptr; ///< Null until first used.
};

} // namespace delta::store
