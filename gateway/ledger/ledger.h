#pragma once

#include "gateway/ledger/journal.h"
#include "gateway/ledger/journal_syncer.h"
#include "gateway/ledger/ledger_hold.h"
#include "gateway/ledger/ledger_settings.h"
#include "gateway/ledger/ledger_status.h"
#include "gateway/ledger/open_call.h"
#include "gateway/ledger/recovery.h"
#include "gateway/ledger/spend_applier.h"
#include "gateway/ports/spend_store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/spend_entry.h"
#include "shared/models/usage.h"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

namespace delta::ledger {

/// The memory of what calls cost: every call that reaches a provider is opened here before, and
/// settled here exactly once after. What open() and settle() wrote survives the death of the
/// process at once and a power cut after LedgerSettings::syncInterval; the store has it after about
/// applyInterval more. Calls that are refused before a provider is called are not written: a flood
/// of them adds no rows. All functions but start() and stop() are safe from any thread.
class Ledger
{
public:
    struct Parts {
        ports::SpendStore &store; ///< Used by the ledger alone from start() to stop().
        JournalDisk &disk;
        const Clock &clock;
    };

    /// Opens the journal, settles the calls that a previous process left open, and starts the
    /// threads. The parts must outlive the ledger. Errors: StoreUnavailable; then it may be tried
    /// again.
    [[nodiscard]] static Result<std::unique_ptr<Ledger>> start(const LedgerSettings &settings,
                                                               const Parts &parts);
    /// Stops. Every hold must be gone by now.
    ~Ledger();
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;

    /// Writes down that a call is about to reach its provider. Takes less than a microsecond.
    /// Errors: StoreUnavailable or ShuttingDown; then the provider must not be called.
    [[nodiscard]] Result<LedgerHold> open(const OpenCall &call);
    /// Writes down what a running call consumed so far: what is charged if the gateway dies now.
    void progress(const LedgerHold &hold, const Usage &usage, Money cost);
    /// Writes down how a call ended, and ends its hold. Returns the place of the settlement for
    /// whenDurable(). Cannot fail: open() made sure that there is room.
    std::uint64_t settle(LedgerHold hold, const SpendEntry &entry);

    /// Calls back once the record at `offset` (of a hold, or from settle()) survives a power cut;
    /// with StoreUnavailable when it never will. From this thread or from the sync thread, soon.
    void whenDurable(std::uint64_t offset, JournalSyncer::DurableCallback callback);
    /// Says whether calls must wait for whenDurable() before the provider is called and before the
    /// last byte of the answer.
    [[nodiscard]] Durability durability() const
    {
        return m_durability;
    }

    [[nodiscard]] LedgerStatus status() const;
    /// Waits until everything that is settled now is in the store.
    /// Errors: StoreUnavailable if it is not after `timeout`; it stays safe in the journal.
    [[nodiscard]] Result<void> flush(std::chrono::milliseconds timeout);
    /// Refuses new calls, syncs, brings what it can into the store and ends the threads.
    /// Holds may still be settled afterwards; the next start applies those.
    void stop();

private:
    friend class LedgerHold;
    /// What start() prepares: a journal in which no call is open.
    struct Opened {
        std::unique_ptr<Journal> journal;
        Recovery recovery;
        ports::JournalPosition position; ///< What the store has of it.
    };
    Ledger(const LedgerSettings &settings, const Parts &parts, Opened opened);
    void abandon(LedgerHold &hold);
    std::uint64_t writeSettlement(LedgerHold &hold, const SpendEntry &entry);

    const Durability m_durability;
    const Recovery m_recovery;
    std::unique_ptr<Journal> m_journal;
    SpendApplier m_applier;
    JournalSyncer m_syncer; ///< After the applier, which it wakes.

    std::atomic<bool> m_isStopping = false;
    std::atomic<qint64> m_openCalls = 0;
    std::atomic<quint64> m_settledCalls = 0;
    std::atomic<quint64> m_abandonedCalls = 0;
    std::atomic<quint64> m_refusedCalls = 0;
    std::atomic<quint64> m_misusedHolds = 0;
    std::atomic<quint64> m_unwrittenCalls = 0;
};

} // namespace delta::ledger
