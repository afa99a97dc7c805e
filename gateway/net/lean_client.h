#pragma once

#include "gateway/net/lean_pool.h"
#include "gateway/net/upstream_settings.h"
#include "gateway/ports/upstream_client.h"

#include <map>
#include <memory>
#include <vector>

namespace delta::net {

class EventLoop;
class Resolver;
class TlsContext;

/// The client of the hot path: HTTP/1.1 with pooled connections, plain or TLS, on the thread's
/// loop.
/// In steady state an exchange costs one sendmsg() and two recv(): one looks, before the connection
/// is used again, whether it is still good for that.
///
/// A request that meets a pooled connection which the provider has just closed is sent once more on
/// a fresh one, but only if nothing of a response has arrived and one of these holds: the method is
/// safe; nothing of the request was written; or the provider has closed in good order and its
/// kernel has acknowledged not one byte of the request. After a reset nobody knows what the
/// provider has read, and a model call costs money, so it must not run twice. Everything else is
/// UpstreamFault::Closed, and the caller's to judge.
/// (RFC 9110 section 9.2.2 forbids to repeat a POST unless one knows that it was not applied.)
///
/// After UpstreamExchange::pause() what was read already, at most 64 KiB, still arrives.
/// The client must outlive its exchanges. A sink must not turn the event loop.
class LeanClient final : public ports::UpstreamClient
{
public:
    /// What the client works with; all of it outlives the client.
    struct Parts {
        EventLoop &loop;
        Resolver &resolver;
        const TlsContext &tls;
    };

    LeanClient(const Parts &parts, const UpstreamSettings &settings);
    ~LeanClient() override;

    [[nodiscard]] std::unique_ptr<ports::UpstreamExchange> send(ports::UpstreamRequest request,
                                                                ports::UpstreamSink &sink) override;

private:
    [[nodiscard]] LeanPool &poolOf(const ports::Origin &origin);

    Parts m_parts;
    UpstreamSettings m_settings;
    std::vector<char> m_scratch;                    ///< The one read buffer of all connections.
    std::vector<std::unique_ptr<LeanPool>> m_pools; ///< One for each origin: a handful.
};

} // namespace delta::net
