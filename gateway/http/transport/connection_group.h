#pragma once

#include "gateway/http/edge_settings.h"
#include "gateway/http/transport/http_date.h"
#include "gateway/http/transport/request_id_source.h"
#include "gateway/net/event_loop.h"
#include "shared/core/clock.h"

#include <functional>
#include <span>
#include <unordered_set>
#include <vector>

namespace delta::http {

class BodyBudget;
class Connection;
class TlsContext;

/// What the client connections of one loop thread share. Confined to that thread; outlives them.
class ConnectionGroup final
{
public:
    struct Parts {
        net::EventLoop &loop;
        const EdgeSettings &settings;
        BodyBudget &bodies;
        const Clock &clock;
        Random &random;
        TlsContext *tls; ///< Null: plain HTTP.
    };

    explicit ConnectionGroup(const Parts &parts);
    ConnectionGroup(const ConnectionGroup &) = delete;
    ConnectionGroup &operator=(const ConnectionGroup &) = delete;

    [[nodiscard]] net::EventLoop &loop() const
    {
        return m_parts.loop;
    }
    [[nodiscard]] const EdgeSettings &settings() const
    {
        return m_parts.settings;
    }
    [[nodiscard]] BodyBudget &bodies() const
    {
        return m_parts.bodies;
    }
    [[nodiscard]] const Clock &clock() const
    {
        return m_parts.clock;
    }
    [[nodiscard]] TlsContext *tls() const
    {
        return m_parts.tls;
    }
    [[nodiscard]] RequestIdSource &ids()
    {
        return m_ids;
    }
    [[nodiscard]] HttpDate &date()
    {
        return m_date;
    }
    /// Returns room to receive into; what is in it lives until the next connection reads.
    [[nodiscard]] std::span<char> scratch()
    {
        return m_scratch;
    }

    void add(Connection &connection);
    void remove(Connection &connection);
    void noteReplyBegun();
    void noteReplyEnded();
    /// Remembers the connection whose bytes QtHttpServer reads: it names none to its handler, but
    /// calls it in the same breath.
    void setReader(Connection *connection)
    {
        m_reader = connection;
    }
    [[nodiscard]] Connection *reader() const
    {
        return m_reader;
    }

    [[nodiscard]] int connectionCount() const
    {
        return static_cast<int>(m_connections.size());
    }
    /// Returns how many requests are with a handler.
    [[nodiscard]] int pendingCount() const
    {
        return m_pendingCount;
    }
    [[nodiscard]] bool isDraining() const
    {
        return m_isDraining;
    }
    /// Closes idle connections now and the others after their reply. Calls `onDrained` in a later
    /// turn of the loop, when no connection and no request is left.
    void drain(std::function<void()> onDrained);
    /// Cuts every connection; handlers hear that their clients are gone.
    void cutAll();

private:
    [[nodiscard]] std::vector<Connection *> snapshot() const;
    void checkDrained();

    Parts m_parts;
    RequestIdSource m_ids;
    HttpDate m_date;
    std::vector<char> m_scratch;
    std::unordered_set<Connection *> m_connections;
    Connection *m_reader = nullptr;
    int m_pendingCount = 0;
    bool m_isDraining = false;
    std::function<void()> m_onDrained;
};

} // namespace delta::http
