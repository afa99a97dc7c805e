#include "gateway/net/lean_pool.h"

#include "gateway/net/event_loop.h"
#include "gateway/net/lean_connection.h"
#include "gateway/net/lean_exchange.h"

#include <algorithm>
#include <utility>

namespace delta::net {

LeanPool::LeanPool(const Parts &parts, ports::Origin origin)
    : m_parts(parts)
    , m_origin(std::move(origin))
    , m_expiry(parts.loop.timers(), [this] { closeExpired(); })
{
}

LeanPool::~LeanPool() = default;

void LeanPool::submit(LeanExchange &exchange)
{
    while (!m_idle.empty()) {
        LeanConnection &connection = *m_idle.back().connection;
        if (connection.isQuiet()) {
            m_idle.pop_back();
            connection.serve(exchange);
            return;
        }
        connection.close();
    }
    if (m_openCount < m_parts.settings.maxConnectionsPerOrigin) {
        open(exchange);
        return;
    }
    exchange.waitAt(m_queue.insert(m_queue.end(), &exchange));
}

void LeanPool::open(LeanExchange &exchange)
{
    ++m_openCount;
    const std::size_t index = m_connections.size();
    m_connections.push_back(std::make_unique<LeanConnection>(*this, index));
    m_connections.back()->open(exchange);
}

void LeanPool::withdraw(Queue::iterator place)
{
    m_queue.erase(place);
}

void LeanPool::release(LeanConnection &connection)
{
    if (!m_queue.empty()) {
        if (!connection.isQuiet()) {
            connection.close(); // A new one takes its place.
            return;
        }
        LeanExchange &next = *m_queue.front();
        m_queue.pop_front();
        connection.serve(next);
        return;
    }
    const auto limit = static_cast<std::size_t>(std::max(m_parts.settings.maxIdlePerOrigin, 0));
    m_idle.push_back({&connection, std::chrono::steady_clock::now()});
    if (m_idle.size() > limit) {
        m_idle.front().connection->close();
    }
    if (m_idle.size() == 1) {
        m_expiry.start(m_parts.settings.idleExpiry);
    }
}

void LeanPool::noteClosed(LeanConnection &connection)
{
    --m_openCount;
    std::erase_if(m_idle,
                  [&connection](const Idle &idle) { return idle.connection == &connection; });
}

void LeanPool::serveQueue()
{
    if (!m_queue.empty() && m_openCount < m_parts.settings.maxConnectionsPerOrigin) {
        LeanExchange &next = *m_queue.front();
        m_queue.pop_front();
        open(next);
    }
}

void LeanPool::destroy(LeanConnection &connection)
{
    const std::size_t index = connection.index();
    std::swap(m_connections[index], m_connections.back());
    m_connections[index]->setIndex(index);
    m_connections.pop_back();
}

void LeanPool::closeExpired()
{
    const SteadyTime limit = std::chrono::steady_clock::now() - m_parts.settings.idleExpiry;
    while (!m_idle.empty() && m_idle.front().since <= limit) {
        m_idle.front().connection->close();
    }
    if (!m_idle.empty()) {
        const auto left = m_idle.front().since - limit;
        m_expiry.start(std::chrono::ceil<std::chrono::milliseconds>(left));
    }
}

} // namespace delta::net
