#pragma once

#include "gateway/net/event_loop.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>
#include <QTimer>

#include <cstddef>
#include <functional>
#include <memory>
#include <vector>

namespace delta::app {

/// What systemd is told of the process. Nothing happens where no service manager asked for it
/// (NOTIFY_SOCKET, WATCHDOG_USEC). Confined to the main thread. Source: sd_notify(3).
class ServiceManager
{
public:
    /// Runs work on a loop thread, in a later turn of its loop.
    using Loop = std::function<void(std::function<void()>)>;

    /// Both must outlive the object.
    ServiceManager(net::EventLoop &mainLoop, const Clock &clock);
    ServiceManager(const ServiceManager &) = delete;
    ServiceManager &operator=(const ServiceManager &) = delete;

    /// Says that the start goes on, and what it waits for.
    void reportWaiting(const QString &reason);
    /// Says that calls are answered: at the end of a start, and of a reload.
    void reportReady();
    /// Says that a reload begins. reportReady() must follow.
    void reportReloading();
    /// Says that the process drains and will end.
    void reportStopping();

    /// Begins to ping the watchdog for as long as the main loop and all of `loops` turn: a thread
    /// that hangs ends the process, and the next start recovers its calls.
    void watch(std::vector<Loop> loops);

private:
    void send(const QByteArray &state);
    void ping();

    net::EventLoop &m_mainLoop;
    const Clock &m_clock;
    std::vector<Loop> m_loops;
    /// How many loops did not turn since the last ping. Shared with what was posted to them.
    std::shared_ptr<std::size_t> m_silent = std::make_shared<std::size_t>(0);
    QTimer m_timer;
};

} // namespace delta::app
