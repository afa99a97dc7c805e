#include "tests/bench/load/open_run.h"

#include "tests/bench/wire/clock.h"

#include <algorithm>

namespace delta::bench {

namespace {

constexpr std::int64_t graceNs = 15'000'000'000;

} // namespace

OpenRun::OpenRun(const LoadOptions &options)
    : LoadRun(options)
{
    m_connections.resize(static_cast<std::size_t>(options.connections));
    for (std::size_t slot = m_connections.size(); slot > 0; --slot) {
        m_empty.push_back(slot - 1);
    }
}

void OpenRun::execute()
{
    m_nextDueNs = nowNs();
    m_recordFromNs = m_nextDueNs + static_cast<std::int64_t>(options().warmUpSeconds * 1e9);
    m_endNs = m_recordFromNs + static_cast<std::int64_t>(options().seconds * 1e9);
    std::int64_t now = m_nextDueNs;
    while ((m_nextDueNs < m_endNs || m_underWay > 0) && now < m_endNs + graceNs) {
        beginDue(now);
        const std::int64_t next = m_nextDueNs < m_endNs ? m_nextDueNs : m_endNs + graceNs;
        loop().turn(std::chrono::nanoseconds(std::max<std::int64_t>(next - nowNs(), 0)));
        now = nowNs();
    }
    giveUpAll();
}

void OpenRun::beginDue(std::int64_t now)
{
    while (m_nextDueNs <= now && m_nextDueNs < m_endNs) {
        beginRequest(m_nextDueNs);
        m_nextDueNs += static_cast<std::int64_t>(1e9 / options().rate);
    }
}

void OpenRun::beginRequest(std::int64_t dueNs)
{
    if (m_idle.empty() && m_empty.empty()) {
        recorder().fail("no connection free");
        return;
    }
    std::vector<std::size_t> &slots = m_idle.empty() ? m_empty : m_idle;
    const std::size_t slot = slots.back();
    slots.pop_back();
    ++m_underWay;
    start(m_connections[slot] ? *m_connections[slot] : open(slot), dueNs);
}

void OpenRun::onReply(ClientConnection &connection)
{
    --m_underWay;
    if (connection.dueNs() >= m_recordFromNs) {
        recorder().latency.add(nowNs() - connection.dueNs());
    }
    m_idle.push_back(connection.slot());
}

void OpenRun::onGone(ClientConnection &connection)
{
    const std::size_t slot = connection.slot();
    // An idle connection may be closed by the other side at any time; a busy one was a failure.
    m_underWay -= std::erase(m_idle, slot) == 0 ? 1 : 0;
    m_empty.push_back(slot);
    m_connections[slot].reset();
}

} // namespace delta::bench
