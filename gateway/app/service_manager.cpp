#include "gateway/app/service_manager.h"

#include <systemd/sd-daemon.h>

#include <chrono>
#include <cstdint>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// So many pings fit into the watchdog's time: a loop may be busy for half of it without harm.
constexpr int pingsPerInterval = 4;

} // namespace

ServiceManager::ServiceManager(net::EventLoop &mainLoop, const Clock &clock)
    : m_mainLoop(mainLoop)
    , m_clock(clock)
{
    QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [this] { ping(); });
}

void ServiceManager::reportWaiting(const QString &reason)
{
    // A line break would begin another assignment.
    send("STATUS="_ba + reason.simplified().toUtf8());
}

void ServiceManager::reportReady()
{
    send("READY=1\nSTATUS=Answering calls."_ba);
}

void ServiceManager::reportReloading()
{
    const auto now = std::chrono::duration_cast<std::chrono::microseconds>(
        m_clock.steady().time_since_epoch());
    send("RELOADING=1\nMONOTONIC_USEC="_ba + QByteArray::number(qint64{now.count()}));
}

void ServiceManager::reportStopping()
{
    send("STOPPING=1\nSTATUS=Letting the calls in progress finish."_ba);
}

void ServiceManager::watch(std::vector<Loop> loops)
{
    std::uint64_t interval = 0;
    if (::sd_watchdog_enabled(0, &interval) <= 0) {
        return;
    }
    m_loops = std::move(loops);
    m_timer.start(std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::microseconds(interval) / pingsPerInterval));
    ping();
}

void ServiceManager::ping()
{
    if (*m_silent > 0) {
        return; // Whoever waits for the ping draws the conclusion.
    }
    send("WATCHDOG=1"_ba);
    *m_silent = m_loops.size();
    for (const Loop &runOn : m_loops) {
        runOn([silent = m_silent, &mainLoop = m_mainLoop] {
            mainLoop.post([silent] { --*silent; });
        });
    }
}

void ServiceManager::send(const QByteArray &state)
{
    ::sd_notify(0, state.constData());
}

} // namespace delta::app
