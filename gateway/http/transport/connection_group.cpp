#include "gateway/http/transport/connection_group.h"

#include "gateway/http/transport/connection.h"

#include <utility>

namespace delta::http {

namespace {

/// What one read takes at most; also the most that is taken of a client that pipelines.
constexpr std::size_t scratchBytes = 64 * 1024;

} // namespace

ConnectionGroup::ConnectionGroup(const Parts &parts)
    : m_parts(parts)
    , m_ids(parts.random, parts.clock)
    , m_date(parts.clock)
    , m_scratch(scratchBytes)
{
}

void ConnectionGroup::add(Connection &connection)
{
    m_connections.insert(&connection);
}

void ConnectionGroup::remove(Connection &connection)
{
    m_connections.erase(&connection);
    if (m_reader == &connection) {
        m_reader = nullptr;
    }
    checkDrained();
}

void ConnectionGroup::noteReplyBegun()
{
    ++m_pendingCount;
}

void ConnectionGroup::noteReplyEnded()
{
    --m_pendingCount;
    checkDrained();
}

void ConnectionGroup::drain(std::function<void()> onDrained)
{
    m_isDraining = true;
    m_onDrained = std::move(onDrained);
    for (Connection *connection : snapshot()) {
        if (m_connections.contains(connection)) {
            connection->drain();
        }
    }
    checkDrained();
}

void ConnectionGroup::cutAll()
{
    for (Connection *connection : snapshot()) {
        if (m_connections.contains(connection)) {
            connection->cut();
        }
    }
}

std::vector<Connection *> ConnectionGroup::snapshot() const
{
    return {m_connections.begin(), m_connections.end()};
}

void ConnectionGroup::checkDrained()
{
    if (m_isDraining && m_onDrained && m_connections.empty() && m_pendingCount == 0) {
        m_parts.loop.post(std::exchange(m_onDrained, nullptr));
    }
}

} // namespace delta::http
