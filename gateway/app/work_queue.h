#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace delta::app {

/// One thread for work that blocks, in the order in which it was given: all that talks to the
/// database and is not the ledger. Loop threads never wait for it; results are posted back to their
/// loops.
class WorkQueue
{
public:
    WorkQueue();
    /// Finishes what is queued, then ends.
    ~WorkQueue();
    WorkQueue(const WorkQueue &) = delete;
    WorkQueue &operator=(const WorkQueue &) = delete;

    /// Queues work. Safe from any thread.
    void post(std::function<void()> work);
    /// Queues work unless so much waits already, or finish() was called. Returns whether it did. Safe from any thread.
    [[nodiscard]] bool tryPost(std::function<void()> work, std::size_t mostWaiting);
    /// Finishes what is queued, and then takes no more. Not from its own work.
    void finish();

private:
    void run();

    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_work;
    bool m_isStopping = false;
    std::thread m_thread; ///< Last, so that it starts when all else is there.
};

} // namespace delta::app
