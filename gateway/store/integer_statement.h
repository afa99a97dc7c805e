#pragma once

#include "gateway/store/row_sink.h"

#include <QLatin1StringView>

struct sqlite3_stmt;

namespace delta::store {

class Database;

/// A statement of sql/queries that changes rows and takes integers only. For what runs once for
/// every key of a batch: through Qt's driver it would cost several times as much as in SQLite.
class IntegerStatement final : public RowSink
{
public:
    /// `database` must outlive the statement.
    IntegerStatement(Database &database, QLatin1StringView name);
    ~IntegerStatement() override;

    [[nodiscard]] Result<void> add(std::span<const qint64> row) override;
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
    QLatin1StringView m_name;
    sqlite3_stmt *m_statement = nullptr; ///< Null until first used.
};

} // namespace delta::store
