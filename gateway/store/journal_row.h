#pragma once

#include "gateway/ports/spend_store.h"
#include "shared/core/result.h"

#include <QString>
#include <QtTypes>

#include <cstdint>
#include <optional>
#include <utility>

namespace delta::store {

class Database;

/// Where a gateway's journal stands in a database. SQLite knows one journal; PostgreSQL has a row for each
/// gateway's, found by the journal's name.
class JournalRow
{
public:
    /// An empty name is that of nobody's journal, which is at its begin. `database` must outlive it.
    JournalRow(Database &database, QString name)
        : m_database(database)
        , m_name(std::move(name))
    {
    }

    /// Returns the number of the journal, which is made at the first call; zero in SQLite.
    [[nodiscard]] Result<qint64> id();
    /// Makes this connection the only one that posts the journal, for as long as it lasts: offsets identify
    /// postings, and two journals of one name would give the same ones. Nothing in SQLite: see LedgerLock.
    /// Errors: StoreUnavailable if another gateway posts under that name.
    [[nodiscard]] Result<void> claim();
    [[nodiscard]] Result<ports::JournalPosition> position();
    /// Moves the position, never backwards. Within a transaction.
    [[nodiscard]] Result<void> move(ports::JournalPosition next);

private:
    Database &m_database;
    QString m_name;
    std::optional<qint64> m_id;
    bool m_isClaimed = false;
};

/// How many bits of an event's id are its offset; those above are its journal's id.
inline constexpr int journalShift = 48;

/// Returns the id of an event: unique over all journals of a database.
[[nodiscard]] constexpr qint64 eventId(qint64 journal, std::uint64_t offset)
{
    return (journal << journalShift) | static_cast<qint64>(offset);
}

/// Returns its offset in its journal.
[[nodiscard]] constexpr std::uint64_t offsetOf(qint64 eventId)
{
    return static_cast<std::uint64_t>(eventId) & ((std::uint64_t(1) << journalShift) - 1);
}

} // namespace delta::store
