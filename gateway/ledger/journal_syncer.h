#pragma once

#include "shared/core/result.h"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace delta::ledger {

class Journal;

/// The thread that makes the journal survive a power cut: one sync for all records of an interval.
/// It sleeps while nothing is written. It also keeps segments ready for the appending threads.
class JournalSyncer
{
public:
    using DurableCallback = std::function<void(const Result<void> &)>;

    /// Starts the thread. `onSynced` is called on it after each sync.
    JournalSyncer(Journal &journal, std::chrono::milliseconds interval,
                  std::function<void()> onSynced);
    ~JournalSyncer();
    JournalSyncer(const JournalSyncer &) = delete;
    JournalSyncer &operator=(const JournalSyncer &) = delete;

    /// Says that a record was written. Safe from any thread.
    void wake();
    /// Says that the progress of a call was written, which may wait for company: at most a tenth of
    /// a second. Safe from any thread.
    void wakeForProgress();
    /// Calls back once the record at `offset` survives a power cut, or with StoreUnavailable when
    /// it never will: at once on this thread if that is known, else on the sync thread, which does
    /// not wait for its interval then. Safe from any thread.
    void whenDurable(std::uint64_t offset, DurableCallback callback);

    /// Syncs what is written and ends the thread. What is written later waits for the next start.
    void stop();

private:
    void run();
    [[nodiscard]] bool waitForWork();
    void syncOnce();
    void answerWaiters(const Result<void> &synced);

    Journal &m_journal;
    const std::chrono::milliseconds m_interval;
    const std::function<void()> m_onSynced;

    std::mutex m_mutex; ///< Guards the members below.
    std::condition_variable m_wakeup;
    std::vector<std::pair<std::uint64_t, DurableCallback>> m_waiters;
    bool m_hasWork = false;
    bool m_hasProgress = false;
    bool m_isStopping = false;
    bool m_lacksSegments = false;

    std::thread m_thread; ///< Last, so that it sees the others made.
};

} // namespace delta::ledger
