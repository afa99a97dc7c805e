#include "tests/bench/load/closed_run.h"

#include "tests/bench/wire/clock.h"

#include <algorithm>

namespace delta::bench {

namespace {

/// How long after the end replies may still come before their requests count as failed.
constexpr std::int64_t graceNs = 15'000'000'000;

} // namespace

ClosedRun::ClosedRun(const LoadOptions &options)
    : LoadRun(options)
{
    m_connections.resize(static_cast<std::size_t>(options.connections));
}

void ClosedRun::execute()
{
    m_beginNs = nowNs();
    m_endNs = m_beginNs + static_cast<std::int64_t>(options().seconds * 1e9);
    std::int64_t now = m_beginNs;
    while ((m_slotsBegun < m_connections.size() || m_slotsWorking > 0) && now < m_endNs + graceNs) {
        beginSlots(now);
        const std::int64_t next = m_slotsBegun < m_connections.size() ? slotBeginNs(m_slotsBegun)
                                                                      : m_endNs + graceNs;
        loop().turn(std::chrono::nanoseconds(std::max<std::int64_t>(next - now, 0)));
        now = nowNs();
    }
    giveUpAll();
}

std::int64_t ClosedRun::slotBeginNs(std::size_t slot) const
{
    const double share = static_cast<double>(slot) / static_cast<double>(m_connections.size());
    return m_beginNs + static_cast<std::int64_t>(share * options().rampSeconds * 1e9);
}

void ClosedRun::beginSlots(std::int64_t now)
{
    while (m_slotsBegun < m_connections.size() && slotBeginNs(m_slotsBegun) <= now) {
        const std::size_t slot = m_slotsBegun++;
        if (mayBegin()) {
            ++m_slotsWorking;
            beginRequest(open(slot), now);
        }
    }
}

void ClosedRun::beginRequest(ClientConnection &connection, std::int64_t dueNs)
{
    ++m_requestsBegun;
    start(connection, dueNs);
}

bool ClosedRun::mayBegin() const
{
    return options().requests > 0 ? m_requestsBegun < options().requests : nowNs() < m_endNs;
}

void ClosedRun::onReply(ClientConnection &connection)
{
    const std::int64_t now = nowNs();
    recorder().latency.add(now - connection.dueNs());
    const int most = options().requestsPerConnection;
    if (!mayBegin() || (most > 0 && connection.requestCount() >= most)) {
        connection.leave();
        return;
    }
    beginRequest(connection, now);
}

void ClosedRun::onGone(ClientConnection &connection)
{
    const std::size_t slot = connection.slot();
    m_connections[slot].reset();
    if (mayBegin()) {
        beginRequest(open(slot), nowNs());
    } else {
        --m_slotsWorking;
    }
}

} // namespace delta::bench
