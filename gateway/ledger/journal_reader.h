#pragma once

#include "gateway/ledger/journal_record.h"
#include "gateway/ledger/journal_segment.h"

#include <cstdint>
#include <memory>
#include <optional>

namespace delta::ledger {

class Journal;

/// Reads the journal in order, while it is being written. Confined to one thread.
class JournalReader
{
public:
    /// Begins with the segment that holds `from`: a whole segment earlier rather than in
    /// mid-record.
    JournalReader(const Journal &journal, std::uint64_t from);
    JournalReader(const JournalReader &) = delete;
    JournalReader &operator=(const JournalReader &) = delete;

    /// Returns the next record before `until`, or nothing if there is none yet. `until` must be an
    /// offset that the journal gave as written or synced. The payload lives until the next call.
    [[nodiscard]] std::optional<RecordView> next(std::uint64_t until);

    /// Returns the offset behind the last record that next() returned.
    [[nodiscard]] std::uint64_t position() const
    {
        return m_position;
    }

private:
    void enter(std::shared_ptr<const JournalSegment> segment);

    const Journal &m_journal;
    /// Kept alive here even if the journal lets it go.
    std::shared_ptr<const JournalSegment> m_segment;
    std::uint64_t m_position = 0;
};

} // namespace delta::ledger
