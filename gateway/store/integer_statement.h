#pragma once

#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QtTypes>

#include <span>

struct sqlite3_stmt;

namespace delta::store {

class Database;

/// A statement of sql/queries that changes rows and takes integers only. For what runs once for
/// every key of a batch: through Qt's driver it would cost several times as much as in SQLite.
class IntegerStatement
{
public:
    /// `database` must outlive the statement.
    IntegerStatement(Database &database, QLatin1StringView name);
    ~IntegerStatement();
    IntegerStatement(const IntegerStatement &) = delete;
    IntegerStatement &operator=(const IntegerStatement &) = delete;

    /// Runs the statement with the values of its parameters from the first on.
    [[nodiscard]] Result<void> run(std::span<const qint64> values);

private:
    [[nodiscard]] Result<void> prepare();

    Database &m_database;
    QLatin1StringView m_name;
    sqlite3_stmt *m_statement = nullptr; ///< Null until first used.
};

} // namespace delta::store
