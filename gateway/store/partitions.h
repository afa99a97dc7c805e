#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <chrono>
#include <set>

namespace delta::store {

class Database;

/// Sees to it that the calls of a month have a place in PostgreSQL, where each month has a partition of its own
/// and goes as a whole when it is too old. SQLite keeps all in one table.
class Partitions
{
public:
    /// `database` must outlive it.
    explicit Partitions(Database &database)
        : m_database(database)
    {
    }
    Partitions(const Partitions &) = delete;
    Partitions &operator=(const Partitions &) = delete;

    /// Makes the partition of the month of a call, if it is not there.
    [[nodiscard]] Result<void> ensure(WallTime startedAt);
    /// Forgets which are there.
    void forget()
    {
        m_known.clear();
    }

private:
    Database &m_database;
    std::set<std::chrono::year_month> m_known;
};

} // namespace delta::store
