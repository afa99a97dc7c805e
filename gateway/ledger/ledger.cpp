#include "gateway/ledger/ledger.h"

#include "gateway/ledger/call_record.h"
#include "gateway/ledger/log.h"

#include <algorithm>
#include <future>
#include <utility>

namespace delta::ledger {

namespace {

/// Reads the facts of an open call back from the journal, which keeps them until the call has
/// ended.
SpendEntry factsOf(const Journal &journal, std::uint64_t openOffset)
{
    const auto segment = journal.segmentAt(openOffset);
    const auto record = segment ? segment->recordAt(openOffset) : std::nullopt;
    return record ? entryOf(*record).value_or(SpendEntry()) : SpendEntry();
}

} // namespace

Result<std::unique_ptr<Ledger>> Ledger::start(const LedgerSettings &settings, const Parts &parts)
{
    Opened opened;
    TRY(opened.position, parts.store.journalPosition());
    TRY(opened.journal, Journal::open(settings, parts.disk, opened.position));
    TRY(opened.recovery, recoverCalls(*opened.journal, opened.position));
    const Recovery &recovery = opened.recovery;
    if (recovery.charged + recovery.voided > 0) {
        qCWarning(
            lcLedger,
            "calls that a dead process left open were ended: charged=%llu voided=%llu cost_usd=%s",
            recovery.charged, recovery.voided, qPrintable(recovery.cost.toUsd()));
    }
    return std::unique_ptr<Ledger>(new Ledger(settings, parts, std::move(opened)));
}

Ledger::Ledger(const LedgerSettings &settings, const Parts &parts, Opened opened)
    : m_durability(settings.durability)
    , m_recovery(opened.recovery)
    , m_journal(std::move(opened.journal))
    , m_applier({*m_journal, parts.store, parts.clock}, opened.position, settings.applyInterval)
    , m_syncer(*m_journal, settings.syncInterval, [this] { m_applier.wake(); })
{
    m_journal->setDirtyListener([this] { m_syncer.wake(); });
    m_journal->setProgressListener([this] { m_syncer.wakeForProgress(); });
}

Ledger::~Ledger()
{
    stop();
}

void Ledger::stop()
{
    m_isStopping = true;
    // In this order: the applier's last turn takes what the last sync made safe.
    m_syncer.stop();
    m_applier.stop();
}

Result<LedgerHold> Ledger::open(const OpenCall &call)
{
    const RecordPayload payload = RecordPayload::ofOpen(call.facts);
    const qsizetype promise = std::min(recordBytes(payload.bytes().size() + settleGrowth),
                                       maxRecordBytes);
    auto offset = m_isStopping ? failure(ApiError::shuttingDown())
                               : m_journal->appendOpen(payload.bytes(), promise);
    if (!offset) {
        m_refusedCalls.fetch_add(1, std::memory_order_relaxed);
        return failure(std::move(offset).error());
    }
    m_openCalls.fetch_add(1, std::memory_order_relaxed);
    return LedgerHold(*this, *offset, promise);
}

void Ledger::progress(const LedgerHold &hold, const Usage &usage, Money cost)
{
    // Without room the settlement will say it all; what a crash loses of the call meanwhile is
    // bounded by the estimate in its Open record.
    std::ignore = m_journal->append(
        RecordType::Progress, RecordPayload::ofProgress(hold.m_offset, {usage, cost}).bytes(), 0);
}

std::uint64_t Ledger::settle(LedgerHold hold, const SpendEntry &entry)
{
    if (hold.m_ledger != this) {
        m_misusedHolds.fetch_add(1, std::memory_order_relaxed);
        qCCritical(lcLedger, "a call was settled twice; the first settlement stands: request_id=%s",
                   entry.requestId.constData());
        return hold.m_offset;
    }
    return writeSettlement(hold, entry);
}

std::uint64_t Ledger::writeSettlement(LedgerHold &hold, const SpendEntry &entry)
{
    hold.m_ledger = nullptr;
    const RecordPayload payload = RecordPayload::ofSettle(hold.m_offset, entry);
    const auto offset = m_journal->append(RecordType::Settle, payload.bytes(), hold.m_promise);
    m_openCalls.fetch_sub(1, std::memory_order_relaxed);
    if (!offset) {
        // The Open record stays: the next start charges the call as recovered.
        m_unwrittenCalls.fetch_add(1, std::memory_order_relaxed);
        qCCritical(lcLedger,
                   "a settlement could not be written: request_id=%s cost_usd=%s error=\"%s\"",
                   entry.requestId.constData(), qPrintable(entry.cost.toUsd()),
                   qPrintable(offset.error().detail));
        return hold.m_offset;
    }
    m_settledCalls.fetch_add(1, std::memory_order_relaxed);
    return *offset;
}

void Ledger::abandon(LedgerHold &hold)
{
    SpendEntry entry = factsOf(*m_journal, hold.m_offset);
    entry.outcome = Outcome::Failed;
    entry.usageSource = UsageSource::Estimated;
    entry.errorCode = "call_abandoned";
    m_abandonedCalls.fetch_add(1, std::memory_order_relaxed);
    qCCritical(lcLedger,
               "a call was dropped without a settlement and is settled now: request_id=%s",
               entry.requestId.constData());
    writeSettlement(hold, entry);
}

void Ledger::whenDurable(std::uint64_t offset, JournalSyncer::DurableCallback callback)
{
    m_syncer.whenDurable(offset, std::move(callback));
}

LedgerStatus Ledger::status() const
{
    LedgerStatus status;
    // In this order: an offset that is read later is never behind one that should follow it.
    status.appliedOffset = m_applier.applied();
    status.syncedOffset = m_journal->synced();
    status.writtenOffset = m_journal->written();
    status.backlogBytes = static_cast<qint64>(
        status.writtenOffset - std::min(status.writtenOffset, status.appliedOffset));
    status.lag = m_applier.lag();
    status.hasFailed = m_journal->hasFailed();
    status.lastError = m_journal->trouble();
    if (status.lastError.isEmpty()) {
        status.lastError = m_applier.lastError();
    }
    status.openCalls = m_openCalls.load(std::memory_order_relaxed);
    status.settledCalls = m_settledCalls.load(std::memory_order_relaxed);
    status.recoveredCalls = m_recovery.charged;
    status.voidedCalls = m_recovery.voided;
    status.abandonedCalls = m_abandonedCalls.load(std::memory_order_relaxed);
    status.refusedCalls = m_refusedCalls.load(std::memory_order_relaxed);
    status.misusedHolds = m_misusedHolds.load(std::memory_order_relaxed);
    status.unwrittenCalls = m_unwrittenCalls.load(std::memory_order_relaxed);
    return status;
}

Result<void> Ledger::flush(std::chrono::milliseconds timeout)
{
    const std::uint64_t target = m_journal->written();
    std::promise<Result<void>> durable;
    m_syncer.whenDurable(target - 1,
                         [&durable](const Result<void> &outcome) { durable.set_value(outcome); });
    TRY_VOID(durable.get_future().get());
    if (!m_applier.waitUntilApplied(target, timeout)) {
        return failure(ApiError::storeUnavailable(
            QStringLiteral("The database does not take what was spent."), m_applier.lastError()));
    }
    return {};
}

} // namespace delta::ledger
