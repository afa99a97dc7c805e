#include "gateway/ledger/journal_reader.h"

#include "gateway/ledger/journal.h"

#include <utility>

namespace delta::ledger {

JournalReader::JournalReader(const Journal &journal, std::uint64_t from)
    : m_journal(journal)
{
    enter(journal.segmentAt(from));
}

std::optional<RecordView> JournalReader::next(std::uint64_t until)
{
    while (m_segment && m_position < until) {
        if (const auto record = m_segment->recordAt(m_position)) {
            m_position = record->end();
            return record;
        }
        auto following = m_journal.segmentAt(m_segment->limit());
        if (!following) {
            break;
        }
        enter(std::move(following));
    }
    return std::nullopt;
}

void JournalReader::enter(std::shared_ptr<const JournalSegment> segment)
{
    if (segment) {
        m_position = segment->firstRecord();
    }
    m_segment = std::move(segment);
}

} // namespace delta::ledger
