#pragma once

#include "gateway/ports/spend_store.h"
#include "gateway/store/event_row.h"
#include "gateway/store/journal_row.h"
#include "gateway/store/mix_table.h"
#include "gateway/store/name_table.h"
#include "gateway/store/partitions.h"
#include "gateway/store/posting_sinks.h"
#include "shared/core/result.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace delta::store {

class Database;

/// Posts settled calls: events, roll-ups, keys' spend and the journal's position in one
/// transaction.
class SpendPoster
{
public:
    /// `journal` is the name of the gateway's journal; `database` must outlive the poster.
    SpendPoster(Database &database, const QString &journal);
    SpendPoster(const SpendPoster &) = delete;
    SpendPoster &operator=(const SpendPoster &) = delete;

    /// Returns how far the journal is posted, and makes this connection the only one that posts it.
    [[nodiscard]] Result<ports::JournalPosition> position();
    /// See ports::SpendStore::apply(). An entry before the stored position was posted before and is
    /// skipped, so the same batch may come again.
    [[nodiscard]] Result<void> post(const std::vector<ports::PostedEntry> &entries,
                                    ports::JournalPosition position);

private:
    [[nodiscard]] Result<void> postWithin(const std::vector<ports::PostedEntry> &entries,
                                          ports::JournalPosition position);
    [[nodiscard]] Result<void> prepare();
    [[nodiscard]] Result<void> add(const std::vector<ports::PostedEntry> &entries,
                                   std::uint64_t applied);
    [[nodiscard]] Result<EventRow> rowOf(const ports::PostedEntry &posted);
    [[nodiscard]] Result<void> addTags(EventRow &row);

    Database &m_database;
    JournalRow m_journal;
    NameTable m_names;
    NameTable m_endUsers; ///< For one posting only.
    MixTable m_mixes;
    Partitions m_partitions;
    PostingSinks m_sinks;
    bool m_isPrepared = false;
};

} // namespace delta::store
