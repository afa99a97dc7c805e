#pragma once

#include "shared/core/result.h"
#include "shared/models/spend_entry.h"

#include <cstdint>
#include <vector>

namespace delta::ports {

/// A settled call together with its place in the journal.
struct PostedEntry {
    std::uint64_t offset = 0; ///< Journal offset of the settlement: the identity of the posting.
    SpendEntry entry;
};

/// How far the store has applied the journal.
struct JournalPosition {
    std::uint64_t applied = 0; ///< Every settlement before this offset is in the store.
    std::uint64_t retain = 0;  ///< The journal is still needed from here on (oldest open call).
};

/// The part of the store that the ledger writes. Used from one thread at a time.
class SpendStore
{
public:
    virtual ~SpendStore() = default;
    /// Returns the position that the last apply() stored; zeros for a new store.
    [[nodiscard]] virtual Result<JournalPosition> journalPosition() = 0;
    /// Posts the entries, adds them to the roll-ups and to their keys' spend and stores the
    /// position, all in one transaction: after an error nothing of it has happened.
    [[nodiscard]] virtual Result<void> apply(const std::vector<PostedEntry> &entries,
                                             JournalPosition position) = 0;
};

} // namespace delta::ports
