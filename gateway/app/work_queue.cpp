#include "gateway/app/work_queue.h"

#include <utility>

namespace delta::app {

WorkQueue::WorkQueue()
    : m_thread([this] { run(); })
{
}

WorkQueue::~WorkQueue()
{
    finish();
}

void WorkQueue::finish()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_changed.notify_one();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

bool WorkQueue::tryPost(std::function<void()> work, std::size_t mostWaiting)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_isStopping || m_work.size() >= mostWaiting) {
            return false;
        }
        m_work.push_back(std::move(work));
    }
    m_changed.notify_one();
    return true;
}

void WorkQueue::post(std::function<void()> work)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_work.push_back(std::move(work));
    }
    m_changed.notify_one();
}

void WorkQueue::run()
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

} // namespace delta::app
