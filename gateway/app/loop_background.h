#pragma once

#include "gateway/app/work_queue.h"
#include "gateway/net/event_loop.h"
#include "gateway/ports/background.h"

#include <functional>
#include <utility>

namespace delta::app {

/// Brings a loop thread's blocking work to the work queue, and its results back.
/// Both must outlive the work that is under way: App empties the queue before it ends its workers.
class LoopBackground final : public ports::Background
{
public:
    LoopBackground(WorkQueue &queue, net::EventLoop &loop)
        : m_queue(queue)
        , m_loop(loop)
    {
    }

    void run(std::function<void()> blocking, std::function<void()> after) override
    {
        m_queue.post(
            [&loop = m_loop, blocking = std::move(blocking), after = std::move(after)]() mutable {
                blocking();
                loop.post(std::move(after));
            });
    }

private:
    WorkQueue &m_queue;
    net::EventLoop &m_loop;
};

} // namespace delta::app
