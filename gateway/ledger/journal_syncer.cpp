#include "gateway/ledger/journal_syncer.h"

#include "gateway/ledger/journal.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>

namespace delta::ledger {

namespace {

/// How often a disk without room is asked again.
constexpr std::chrono::seconds segmentRetry{1};
/// How long the progress of calls waits for a record that needs a sync of its own.
constexpr std::chrono::milliseconds progressInterval{100};

} // namespace

JournalSyncer::JournalSyncer(Journal &journal, std::chrono::milliseconds interval,
                             std::function<void()> onSynced)
    : m_journal(journal)
    , m_interval(interval)
    , m_onSynced(std::move(onSynced))
    , m_thread([this] { run(); })
{
    ::pthread_setname_np(m_thread.native_handle(), "journal-sync");
}

JournalSyncer::~JournalSyncer()
{
    stop();
}

void JournalSyncer::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wakeup.notify_one();
    if (m_thread.joinable()) {
        m_thread.join();
        answerWaiters(failure(ApiError::shuttingDown()));
    }
}

void JournalSyncer::wake()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_hasWork = true;
    }
    m_wakeup.notify_one();
}

void JournalSyncer::wakeForProgress()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_hasProgress = true;
    }
    m_wakeup.notify_one();
}

void JournalSyncer::whenDurable(std::uint64_t offset, DurableCallback callback)
{
    {
        const std::scoped_lock lock(m_mutex);
        // Looked at under the lock: answerWaiters() takes it after the sync that would answer this
        // one.
        if (m_journal.synced() <= offset && !m_journal.hasFailed() && !m_isStopping) {
            m_waiters.emplace_back(offset, std::move(callback));
            m_wakeup.notify_one();
            return;
        }
    }
    if (m_journal.synced() > offset) {
        callback({});
    } else {
        callback(failure(m_journal.hasFailed() ? journalFailed(m_journal.trouble())
                                               : ApiError::shuttingDown()));
    }
}

void JournalSyncer::run()
{
    while (waitForWork()) {
        syncOnce();
    }
    syncOnce();
}

/// Returns false when the thread is to end.
bool JournalSyncer::waitForWork()
{
    std::unique_lock lock(m_mutex);
    const auto isUrgent = [this] { return m_isStopping || !m_waiters.empty(); };
    const auto isDue = [this, isUrgent] { return m_hasWork || isUrgent(); };
    const auto hasAny = [this, isDue] { return m_hasProgress || isDue(); };
    if (m_lacksSegments) {
        m_wakeup.wait_for(lock, segmentRetry, hasAny);
    } else {
        m_wakeup.wait(lock, hasAny);
    }
    if (m_hasProgress) {
        m_wakeup.wait_for(lock, progressInterval, isDue);
    }
    // The records of the next interval share one sync, unless somebody waits for it.
    m_wakeup.wait_for(lock, m_interval, isUrgent);
    m_hasWork = false;
    m_hasProgress = false;
    return !m_isStopping;
}

void JournalSyncer::syncOnce()
{
    const Result<void> synced = m_journal.sync();
    answerWaiters(synced);
    m_onSynced();
    const bool hasSegments = m_journal.prepareSegments();
    const std::scoped_lock lock(m_mutex);
    m_lacksSegments = !hasSegments;
}

void JournalSyncer::answerWaiters(const Result<void> &synced)
{
    std::vector<std::pair<std::uint64_t, DurableCallback>> answered;
    {
        const std::scoped_lock lock(m_mutex);
        const auto waits = [this, &synced](const auto &waiter) {
            return synced && m_journal.synced() <= waiter.first;
        };
        const auto end = std::stable_partition(m_waiters.begin(), m_waiters.end(), waits);
        std::move(end, m_waiters.end(), std::back_inserter(answered));
        m_waiters.erase(end, m_waiters.end());
    }
    for (const auto &[offset, callback] : answered) {
        callback(synced);
    }
}

} // namespace delta::ledger
