#include "gateway/identity/password_pool.h"

#include <chrono>
#include <utility>

namespace delta::identity {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

PasswordPool::PasswordPool(Limits limits)
    : m_limits(limits)
{
    for (std::size_t index = 0; index < m_limits.threads; ++index) {
        m_threads.emplace_back([this] { run(); });
    }
}

void PasswordPool::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_changed.notify_all();
    m_threads.clear(); // They join.
}

Result<void> PasswordPool::post(std::function<void()> work)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isStopping) {
            return failure(ApiError::shuttingDown());
        }
        if (m_work.size() >= m_limits.queue) {
            return failure(ApiError::rateLimited(
                u"Too many passwords are being checked at the moment. Try again in a moment."_s,
                2s));
        }
        m_work.push_back(std::move(work));
    }
    m_changed.notify_one();
    return {};
}

void PasswordPool::run()
{
    while (true) {
        std::function<void()> work;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_isStopping || !m_work.empty(); });
            if (m_work.empty()) {
                return;
            }
            work = std::move(m_work.front());
            m_work.pop_front();
        }
        work();
    }
}

} // namespace delta::identity
