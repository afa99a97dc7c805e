#pragma once

#include <QString>
#include <QtTypes>

#include <chrono>
#include <cstdint>

namespace delta::ledger {

/// What metrics and health checks want to know of the ledger. Counters begin at zero with the
/// process.
struct LedgerStatus {
    std::uint64_t writtenOffset = 0; ///< Behind the last record.
    std::uint64_t syncedOffset = 0;  ///< Up to here the journal survives a power cut.
    std::uint64_t appliedOffset = 0; ///< Up to here the store has it.
    qint64 backlogBytes = 0;         ///< Journal that the store does not have yet.
    /// For how long the oldest unapplied settlement waits; zero: none does.
    std::chrono::milliseconds lag{};
    /// A sync failed: no call is taken until the gateway restarts.
    bool hasFailed = false;
    /// What keeps journal or store from working now; empty: nothing.
    QString lastError;
    qint64 openCalls = 0;
    quint64 settledCalls = 0;
    /// Charged at the start because a previous process died during them.
    quint64 recoveredCalls = 0;
    quint64 voidedCalls = 0;    ///< Closed at the start without a charge because of damage.
    quint64 abandonedCalls = 0; ///< Holds that died unsettled: a bug of the caller.
    /// Settlements without a hold, which were not written: a bug of the caller.
    quint64 misusedHolds = 0;
    quint64 refusedCalls = 0;   ///< Calls that open() refused.
    quint64 unwrittenCalls = 0; ///< Settlements for which the journal had no room: a bug.
};

} // namespace delta::ledger
