#pragma once

#include "gateway/ports/http_reply.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <algorithm>
#include <chrono>
#include <memory>
#include <vector>

namespace delta::ports {

/// How to speak to an origin.
enum class Scheme { Http, Https };

/// Whether a TLS peer must prove its name.
enum class PeerCheck {
    Verify, ///< Chain and host name are checked; the only setting fit for the internet.
    None,   ///< For a provider in one's own network with a self-made certificate.
};

/// Where requests go: a credential is bound to one of these and leaves for no other.
struct Origin {
    Scheme scheme = Scheme::Https;
    QByteArray host; ///< Name or address literal, without brackets.
    quint16 port = 443;
    PeerCheck peerCheck = PeerCheck::Verify;

    bool operator==(const Origin &) const = default;
};

/// The four deadlines of one exchange. Zero means no such deadline.
struct UpstreamTimeouts {
    std::chrono::milliseconds connect{10'000};    ///< Name, TCP and TLS together.
    std::chrono::milliseconds firstByte{300'000}; ///< From the request sent to the response head.
    /// Between two reads of the body, two writes of the request, and two events of a stream.
    std::chrono::milliseconds idle{300'000};
    std::chrono::milliseconds total{600'000}; ///< From send() to the end.

    bool operator==(const UpstreamTimeouts &) const = default;

    /// Returns them with a bound for a whole call, which is not streamed.
    [[nodiscard]] UpstreamTimeouts withinWhole(std::chrono::milliseconds timeout) const
    {
        UpstreamTimeouts bounded = *this;
        bounded.firstByte = timeout;
        bounded.idle = std::min(idle, timeout);
        bounded.total = timeout;
        return bounded;
    }
    /// Returns them for a stream, which may go on for longer than that as long as it does not fall silent: the time
    /// counts until it begins, and between two of its parts.
    [[nodiscard]] UpstreamTimeouts withinSilence(std::chrono::milliseconds timeout) const
    {
        UpstreamTimeouts bounded = *this;
        bounded.firstByte = timeout;
        bounded.idle = timeout;
        bounded.total = std::max(total, timeout);
        return bounded;
    }
};

/// One request to a provider. Redirects are never followed.
struct UpstreamRequest {
    Origin origin;
    QByteArray method;
    QByteArray path; ///< Path and query, as on the request line.
    /// Without Host, Content-Length, Transfer-Encoding, Connection: the client writes those.
    HeaderList fields;
    std::vector<QByteArray> body; ///< Sent one after another without being joined.
    UpstreamTimeouts timeouts;
};

/// The head of a provider's response.
struct UpstreamHead {
    int status = 0;
    HeaderList fields; ///< Names in lower case.

    /// Returns the value of the first field of that lower-case name, or an empty view.
    [[nodiscard]] QByteArrayView header(QByteArrayView name) const
    {
        for (const auto &[fieldName, value] : fields) {
            if (fieldName == name) {
                return value;
            }
        }
        return {};
    }
};

/// Why an exchange failed.
enum class UpstreamFault {
    Resolve, ///< The name has no address.
    Connect, ///< Nobody accepted the connection.
    Tls,     ///< No trustworthy TLS session.
    ConnectTimeout,
    FirstByteTimeout,
    IdleTimeout,
    TotalTimeout,
    Protocol, ///< Not HTTP/1.1, contradictory framing, or a head or body beyond the limits.
    Closed,   ///< The connection ended before the response was complete.
    PoolFull, ///< No connection to the origin came free in time.
};

/// A failed exchange.
struct UpstreamError {
    UpstreamFault fault = UpstreamFault::Closed;
    QString detail; ///< For the log; may name addresses.
};

/// Takes one response. Called on the loop thread, never from inside UpstreamClient::send().
/// Exactly one of onEnd and onError is the last call. The sink may destroy the exchange in any
/// call.
class UpstreamSink
{
public:
    virtual ~UpstreamSink() = default;
    /// The final head; interim 1xx heads are not passed on.
    virtual void onHead(const UpstreamHead &head) = 0;
    /// A piece of the body, without transfer coding, valid during the call only.
    virtual void onBody(QByteArrayView piece) = 0;
    virtual void onEnd() = 0;
    virtual void onError(const UpstreamError &error) = 0;
};

/// A running exchange. Destroying it cancels it: its connection closes at once unless the response
/// was complete.
class UpstreamExchange
{
public:
    virtual ~UpstreamExchange() = default;
    /// Stops reading from the provider; TCP holds it back. Idle time does not count while paused.
    /// What was read already, at most 64 KiB, may still arrive.
    virtual void pause() = 0;
    virtual void resume() = 0;
    /// Says whether anything of the request may have reached the provider, who then may ask to be paid.
    [[nodiscard]] virtual bool hasBegunToSend() const = 0;
};

/// Sends requests to providers. One per loop thread, confined to it.
class UpstreamClient
{
public:
    virtual ~UpstreamClient() = default;
    /// Begins an exchange. The sink must outlive the returned exchange.
    [[nodiscard]] virtual std::unique_ptr<UpstreamExchange> send(UpstreamRequest request,
                                                                 UpstreamSink &sink) = 0;
};

} // namespace delta::ports
