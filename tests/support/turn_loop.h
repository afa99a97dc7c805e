#pragma once

#include "gateway/net/epoll_dispatcher.h"

#include <QCoreApplication>
#include <QEvent>

#include <chrono>

namespace delta::test {

/// Turns the loop of the calling thread until the condition holds, without naps between the turns.
/// Returns false if that takes a minute, which only a failing test does.
template <typename Condition>
[[nodiscard]] bool turnLoopUntil(Condition condition)
{
    bool isTooLate = false;
    net::Timer limit(net::EpollDispatcher::ofThisThread().loop().timers(),
                     [&isTooLate] { isTooLate = true; });
    limit.start(std::chrono::minutes(1));
    while (!condition() && !isTooLate) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
        // Outside of exec() Qt leaves these to the caller.
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    return condition();
}

/// Turns the loop for that long, for what must not happen meanwhile.
inline void turnLoopFor(std::chrono::milliseconds time)
{
    bool isOver = false;
    net::Timer end(net::EpollDispatcher::ofThisThread().loop().timers(),
                   [&isOver] { isOver = true; });
    end.start(time);
    (void)turnLoopUntil([&isOver] { return isOver; });
}

} // namespace delta::test
