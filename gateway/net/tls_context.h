#pragma once

#include "gateway/net/byte_stream.h"

#include <openssl/ssl.h>
#include <QByteArray>

#include <memory>

namespace delta::net {

class TlsSession;

/// The rules for TLS to other servers: TLS 1.2 or newer, the peer's chain and name checked against the
/// system's or a file's authorities. Safe to share by all threads once constructed; must outlive its
/// streams.
class TlsContext
{
public:
    /// What is spoken within, which the handshake names.
    enum class Protocol {
        Http1, ///< To providers.
        Redis, ///< Has no name in TLS.
    };

    /// Trusts the PEM bundle `caFile`, or the system's authorities if that is empty.
    /// Throws std::runtime_error if the file cannot be read.
    explicit TlsContext(const QByteArray &caFile, Protocol protocol = Protocol::Http1);
    ~TlsContext();
    TlsContext(const TlsContext &) = delete;
    TlsContext &operator=(const TlsContext &) = delete;

    /// Opens a TLS client on a connected descriptor; handshake() comes next.
    [[nodiscard]] std::unique_ptr<ByteStream> open(int fd, const ports::Origin &origin,
                                                   TlsSession &session) const;

private:
    struct ContextFreer {
        void operator()(SSL_CTX *context) const;
    };

    std::unique_ptr<SSL_CTX, ContextFreer> m_context;
};

} // namespace delta::net
