#pragma once

#include "gateway/net/timer_wheel.h"
#include "gateway/net/tls_session.h"
#include "gateway/net/upstream_settings.h"
#include "gateway/ports/upstream_client.h"

#include <list>
#include <memory>
#include <span>
#include <vector>

namespace delta::net {

class EventLoop;
class LeanConnection;
class LeanExchange;
class Resolver;
class TlsContext;

/// The connections of one loop to one origin, and the exchanges that wait for one. The connection
/// used last is reused first, so that those which are not needed grow old and expire. One at which
/// something has arrived that nobody asked for is closed instead.
class LeanPool
{
public:
    struct Parts {
        EventLoop &loop;
        Resolver &resolver;
        const TlsContext &tls;
        const UpstreamSettings &settings;
        std::span<char> scratch; ///< To read into; nothing in it is kept.
    };
    using Queue = std::list<LeanExchange *>;

    LeanPool(const Parts &parts, ports::Origin origin);
    ~LeanPool();
    LeanPool(const LeanPool &) = delete;
    LeanPool &operator=(const LeanPool &) = delete;

    [[nodiscard]] const ports::Origin &origin() const
    {
        return m_origin;
    }
    [[nodiscard]] const Parts &parts() const
    {
        return m_parts;
    }
    [[nodiscard]] TlsSession &tlsSession()
    {
        return m_tlsSession;
    }

    /// Gives the exchange an idle connection, a new one, or a place in the queue.
    void submit(LeanExchange &exchange);
    /// Gives the exchange a new connection even if others are idle: they may be stale like its
    /// last.
    void open(LeanExchange &exchange);
    /// Takes an exchange out of the queue.
    void withdraw(Queue::iterator place);

    /// Takes back a connection that can serve another request.
    void release(LeanConnection &connection);
    /// Notes that a connection has closed, which makes room for another. It lives on until
    /// destroy().
    void noteClosed(LeanConnection &connection);
    /// Serves the first in the queue if there is room.
    void serveQueue();
    void destroy(LeanConnection &connection);

private:
    struct Idle {
        LeanConnection *connection = nullptr;
        SteadyTime since;
    };

    void closeExpired();

    Parts m_parts;
    ports::Origin m_origin;
    TlsSession m_tlsSession;
    int m_openCount = 0;
    /// Open ones, and those about to die.
    std::vector<std::unique_ptr<LeanConnection>> m_connections;
    std::vector<Idle> m_idle; ///< The oldest first.
    Queue m_queue;
    Timer m_expiry; ///< Of the oldest idle connection.
};

} // namespace delta::net
