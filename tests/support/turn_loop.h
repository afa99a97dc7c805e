#pragma once

#include "gateway/net/epoll_dispatcher.h"

#include <QCoreApplication>
#include <QEvent>
#include <QTimer>

#include <chrono>

namespace delta::test {

/// Turns the loop of the calling thread until the condition holds, which is looked at every 5 ms at
/// the latest.
/// Returns false if that takes a minute, which only a failing test does.
template <typename Condition>
[[nodiscard]] bool turnLoopUntil(Condition condition)
{
    bool isTooLate = false;
    net::Timer limit(net::EpollDispatcher::ofThisThread().loop().timers(),
                     [&isTooLate] { isTooLate = true; });
    limit.start(std::chrono::minutes(1));
    // Work that another thread posted runs before the sleep of a turn and does not end it.
    QTimer tick;
    tick.start(std::chrono::milliseconds(5));
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
