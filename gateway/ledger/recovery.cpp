#include "gateway/ledger/recovery.h"

#include "gateway/ledger/call_record.h"
#include "gateway/ledger/journal.h"
#include "gateway/ledger/journal_reader.h"
#include "gateway/ledger/log.h"

#include <algorithm>
#include <map>
#include <optional>

namespace delta::ledger {

namespace {

/// Calls that have an Open record and no end, by the offset of that record, with their last
/// progress.
using OpenCalls = std::map<std::uint64_t, std::optional<CallProgress>>;

OpenCalls findOpenCalls(const Journal &journal, ports::JournalPosition position)
{
    OpenCalls calls;
    JournalReader reader(journal, position.retain);
    const std::uint64_t until = journal.written();
    while (const auto record = reader.next(until)) {
        const std::uint64_t offset = openOffsetOf(*record).value_or(record->offset);
        // Whatever was opened before `retain` has ended, though the record of its end may be gone.
        if (offset < position.retain) {
            continue;
        }
        switch (record->type) {
        case RecordType::Open:
            calls.emplace(offset, std::nullopt);
            break;
        case RecordType::Progress:
            if (const auto call = calls.find(offset); call != calls.end()) {
                call->second = progressOf(*record);
            }
            break;
        case RecordType::Settle:
        case RecordType::Void:
            calls.erase(offset);
            break;
        }
    }
    return calls;
}

/// Says whether damage hides a part of the journal in which the call may have been settled and
/// which the store has seen.
bool isHidden(const Journal &journal, std::uint64_t openOffset, std::uint64_t applied)
{
    return std::ranges::any_of(journal.damages(),
                               [openOffset, applied](const JournalDamage &damage) {
                                   return damage.from > openOffset && damage.from < applied;
                               });
}

SpendEntry recoveredEntry(SpendEntry entry, const std::optional<CallProgress> &progress)
{
    if (progress) {
        entry.usage = progress->usage;
        entry.cost = progress->cost;
    }
    entry.usageSource = UsageSource::Recovered;
    entry.outcome = Outcome::Recovered;
    entry.status = 0;
    entry.errorCode = "gateway_died";
    return entry;
}

Result<void> appendEnd(Journal &journal, RecordType type, const RecordPayload &payload)
{
    // Nobody prepares segments in the background yet.
    journal.prepareSegments();
    TRY([[maybe_unused]] const auto offset, journal.append(type, payload.bytes(), 0));
    return {};
}

std::optional<SpendEntry> factsOf(const Journal &journal, std::uint64_t openOffset)
{
    const auto segment = journal.segmentAt(openOffset);
    const auto record = segment->recordAt(openOffset);
    return record ? entryOf(*record) : std::nullopt;
}

} // namespace

Result<Recovery> recoverCalls(Journal &journal, ports::JournalPosition position)
{
    Recovery recovery;
    for (const auto &[offset, progress] : findOpenCalls(journal, position)) {
        const auto facts = factsOf(journal, offset);
        if (!facts || isHidden(journal, offset, position.applied)) {
            TRY_VOID(appendEnd(journal, RecordType::Void, RecordPayload::ofVoid(offset)));
            ++recovery.voided;
            qCCritical(lcLedger,
                       "an open call is ended without a charge, because damage may hide its "
                       "settlement: request_id=%s offset=%llu",
                       facts ? facts->requestId.constData() : "",
                       static_cast<unsigned long long>(offset));
            continue;
        }
        const SpendEntry entry = recoveredEntry(*facts, progress);
        TRY_VOID(appendEnd(journal, RecordType::Settle, RecordPayload::ofSettle(offset, entry)));
        ++recovery.charged;
        recovery.cost += entry.cost;
    }
    TRY_VOID(journal.sync());
    return recovery;
}

} // namespace delta::ledger
