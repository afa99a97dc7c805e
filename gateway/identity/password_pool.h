#pragma once

#include "shared/core/result.h"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace delta::identity {

/// A few threads for what a password costs, and little room to wait: a flood of logins can take neither all
/// processors nor all memory, and holds up nothing but logins.
class PasswordPool
{
public:
    /// How much is done and waits at once.
    struct Limits {
        std::size_t threads = 2;
        std::size_t queue = 16;
    };

    explicit PasswordPool(Limits limits);
    ~PasswordPool()
    {
        stop();
    }
    PasswordPool(const PasswordPool &) = delete;
    PasswordPool &operator=(const PasswordPool &) = delete;

    /// Has work done on one of the threads. Safe from any thread.
    /// Errors: RateLimited if too much waits, ShuttingDown after stop(); then nothing is done.
    [[nodiscard]] Result<void> post(std::function<void()> work);
    /// Finishes what is queued, and takes nothing more.
    void stop();

private:
    void run();

    const Limits m_limits;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::function<void()>> m_work;
    bool m_isStopping = false;
    std::vector<std::jthread> m_threads; ///< Last, so that they start when all else is there.
};

} // namespace delta::identity
