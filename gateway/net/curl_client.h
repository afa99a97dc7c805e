#pragma once

#include "gateway/net/curl_multi.h"
#include "gateway/net/upstream_settings.h"
#include "gateway/ports/upstream_client.h"

#include <memory>

namespace delta::net {

class EventLoop;

/// The client for what the lean one does not speak: HTTP/2 where TLS offers it, forward proxies. It
/// keeps to the same rules, with libcurl underneath; costs about twice as much per exchange.
/// Differences: maxIdlePerOrigin holds for all origins together; idle connections beyond idleExpiry
/// are not reused, but closed only when another request looks for one; bytes behind a chunked
/// response are dropped, but do not close the connection; a paused HTTP/2 stream may receive what
/// its flow-control window still permits; a request with a body is never repeated once its body was
/// begun.
/// The client must outlive its exchanges, and a sink must not turn the event loop.
class CurlClient final : public ports::UpstreamClient
{
public:
    /// The loop must outlive the client. Throws std::bad_alloc if libcurl cannot start.
    CurlClient(EventLoop &loop, const UpstreamSettings &settings);
    ~CurlClient() override;

    [[nodiscard]] std::unique_ptr<ports::UpstreamExchange> send(ports::UpstreamRequest request,
                                                                ports::UpstreamSink &sink) override;

private:
    UpstreamSettings m_settings;
    CurlMulti m_multi;
};

} // namespace delta::net
