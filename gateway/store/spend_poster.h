#pragma once

#include "gateway/ports/spend_store.h"
#include "gateway/store/event_row.h"
#include "gateway/store/event_statement.h"
#include "gateway/store/integer_statement.h"
#include "gateway/store/name_table.h"
#include "shared/core/result.h"

#include <vector>

namespace delta::store {

class Database;

/// Posts settled calls: events, roll-ups, keys' spend and the journal's position in one
/// transaction.
class SpendPoster
{
public:
    /// `database` must outlive the poster.
    explicit SpendPoster(Database &database);
    SpendPoster(const SpendPoster &) = delete;
    SpendPoster &operator=(const SpendPoster &) = delete;

    [[nodiscard]] Result<ports::JournalPosition> position();
    /// See ports::SpendStore::apply(). An entry before the stored position was posted before and is
    /// skipped, so the same batch may come again.
    [[nodiscard]] Result<void> post(const std::vector<ports::PostedEntry> &entries,
                                    ports::JournalPosition position);

private:
    [[nodiscard]] Result<void> postWithin(const std::vector<ports::PostedEntry> &entries,
                                          ports::JournalPosition position);
    [[nodiscard]] Result<EventRow> rowOf(const ports::PostedEntry &posted);

    Database &m_database;
    NameTable m_names;
    EventStatement m_insertEvent;
    IntegerStatement m_addToHour;
    IntegerStatement m_addToKey;
};

} // namespace delta::store
