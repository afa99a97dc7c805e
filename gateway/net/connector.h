#pragma once

#include "gateway/net/resolver.h"
#include "gateway/net/timer_wheel.h"
#include "gateway/ports/upstream_client.h"

#include <chrono>
#include <deque>
#include <expected>
#include <functional>
#include <memory>
#include <vector>

namespace delta::net {

class EventLoop;

/// Opens one TCP connection to a host: looks the name up, then tries the addresses of both families
/// in turn, the next one 250 ms after the last or as soon as that failed; the first that connects
/// wins.
/// Has no deadline of its own. Destroying it gives up and closes what is under way.
/// Source: RFC 8305 "Happy Eyeballs Version 2", sections 4 and 5.
class Connector
{
public:
    /// The connected, non-blocking descriptor, which belongs to the callee; or why there is none.
    using Outcome = std::expected<int, ports::UpstreamError>;
    static constexpr std::chrono::milliseconds stagger{250};

    struct Target {
        QByteArray host;
        quint16 port = 0;
    };

    /// Begins at once. Calls `done` once from the loop, never from inside the constructor; the
    /// callee may destroy the connector.
    Connector(EventLoop &loop, Resolver &resolver, const Target &target,
              std::function<void(Outcome)> done);
    ~Connector();
    Connector(const Connector &) = delete;
    Connector &operator=(const Connector &) = delete;

private:
    class Attempt;

    void onResolved(const Resolver::Answer &answer);
    void tryNext();
    void onConnected(Attempt &attempt);
    void onFailed(Attempt &attempt, int error);

    EventLoop &m_loop;
    Target m_target;
    std::function<void(Outcome)> m_done;
    std::deque<SocketAddress> m_untried;
    std::vector<std::unique_ptr<Attempt>> m_attempts; ///< Under way.
    Timer m_stagger;
    std::unique_ptr<Resolver::Lookup> m_lookup;
};

} // namespace delta::net
