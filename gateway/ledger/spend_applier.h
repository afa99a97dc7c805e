#pragma once

#include "gateway/ledger/journal_reader.h"
#include "gateway/ports/spend_store.h"
#include "shared/core/clock.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

namespace delta::ledger {

class Journal;

/// The thread that brings settled calls from the journal into the store: only what survives a power
/// cut, in batches, each in one transaction with the position behind it. While the store is down
/// the journal keeps everything and the same batch is tried again every second.
class SpendApplier
{
public:
    struct Parts {
        Journal &journal;
        ports::SpendStore &store; ///< Used on the applier's thread only, from now on.
        const Clock &clock;
    };

    /// Starts the thread behind `position`, which the store gave.
    SpendApplier(const Parts &parts, ports::JournalPosition position,
                 std::chrono::milliseconds interval);
    ~SpendApplier();
    SpendApplier(const SpendApplier &) = delete;
    SpendApplier &operator=(const SpendApplier &) = delete;

    /// Says that more of the journal was synced. Safe from any thread.
    void wake();
    /// Applies without waiting for the interval. Returns false if the store does not have
    /// everything before `offset` after `timeout`. Safe from any thread.
    [[nodiscard]] bool waitUntilApplied(std::uint64_t offset, std::chrono::milliseconds timeout);
    /// Applies what is synced, once, and ends the thread.
    void stop();

    /// Returns the offset before which every settlement is in the store. Safe from any thread.
    [[nodiscard]] std::uint64_t applied() const
    {
        return m_applied.load(std::memory_order_acquire);
    }
    /// Returns for how long the oldest unapplied settlement waits; zero: none does. Safe from any
    /// thread.
    [[nodiscard]] std::chrono::milliseconds lag() const;
    /// Returns why the store did not take the last batch; empty if it did. Safe from any thread.
    [[nodiscard]] QString lastError() const;

private:
    void run();
    [[nodiscard]] bool waitForWork();
    void drain();
    [[nodiscard]] bool collect();
    void take(const RecordView &record);
    [[nodiscard]] bool post();
    void noteOutcome(const QString &error);
    [[nodiscard]] ports::JournalPosition position() const;

    const Parts m_parts;
    const std::chrono::milliseconds m_interval;
    const ports::JournalPosition m_start; ///< What the store had before this process.

    // Of the thread alone:
    JournalReader m_reader;
    /// Open records before the reader without an end before it.
    std::set<std::uint64_t> m_openCalls;
    std::vector<ports::PostedEntry> m_batch;

    std::atomic<std::uint64_t> m_applied;
    std::atomic<std::int64_t> m_behindSince = 0; ///< Steady nanoseconds; zero: nothing waits.

    mutable std::mutex m_mutex; ///< Guards the members below.
    std::condition_variable m_wakeup;
    std::condition_variable m_progress; ///< Told after each attempt to apply.
    QString m_lastError;
    int m_flushes = 0; ///< Threads in waitUntilApplied().
    bool m_isIdle = false;
    bool m_isStopping = false;

    std::thread m_thread; ///< Last, so that it sees the others made.
};

} // namespace delta::ledger
