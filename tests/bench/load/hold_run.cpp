#include "tests/bench/load/hold_run.h"

#include "tests/bench/wire/clock.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <cstdio>

namespace delta::bench {

namespace {

/// So many connections are being made at a time: fewer than any listener's backlog.
constexpr std::size_t mostAtOnce = 64;

} // namespace

HoldRun::HoldRun(const LoadOptions &options)
    : LoadRun(options)
{
    m_connections.resize(static_cast<std::size_t>(options.connections));
    m_isSettled.resize(m_connections.size());
}

void HoldRun::execute()
{
    loop().add(STDIN_FILENO, EPOLLIN, *this);
    while (!m_isReleased) {
        openMore();
        loop().turn(std::chrono::nanoseconds(-1));
    }
    for (const auto &connection : m_connections) {
        recorder().held += connection ? 1 : 0;
    }
}

void HoldRun::openMore()
{
    while (m_begun < m_connections.size() && m_begun - m_settled < mostAtOnce) {
        const std::size_t slot = m_begun++;
        start(open(slot), nowNs());
    }
}

void HoldRun::settle(std::size_t slot)
{
    m_isSettled[slot] = true;
    ++m_settled;
    if (m_settled == m_connections.size()) {
        std::puts("ready");
        std::fflush(stdout);
    }
}

void HoldRun::onFirstEvent(ClientConnection &connection)
{
    settle(connection.slot());
}

void HoldRun::onReply(ClientConnection &connection)
{
    // A stream was settled by its first event; one that ends is simply not held any more.
    if (options().payload == LoadOptions::Payload::Stream) {
        connection.leave();
        return;
    }
    recorder().latency.add(nowNs() - connection.dueNs());
    settle(connection.slot());
}

void HoldRun::onGone(ClientConnection &connection)
{
    const std::size_t slot = connection.slot();
    m_connections[slot].reset();
    if (!m_isSettled[slot]) {
        settle(slot);
    } else if (options().payload != LoadOptions::Payload::Stream) {
        recorder().fail("held connection closed");
    }
}

void HoldRun::onEvents(std::uint32_t)
{
    m_isReleased = true;
}

} // namespace delta::bench
