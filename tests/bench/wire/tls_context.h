#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

namespace delta::bench {

/// What all TLS connections of one side share. TLS 1.3, partial writes on, no session resumption on
/// the client's side: a new connection is always a full handshake.
class TlsContext final
{
public:
    /// Makes the side that shows a certificate; both files are PEM. Throws std::runtime_error.
    static TlsContext makeServer(const std::string &certificateFile, const std::string &keyFile);

    /// Makes the side that connects. It does not verify: the yardstick and the gateway show the
    /// same self-signed certificate, and what a client verifies costs neither of them anything.
    static TlsContext makeClient();

    /// Makes the TLS state of one connection on an open descriptor.
    [[nodiscard]] SSL *makeConnection(int descriptor) const;

private:
    using Pointer = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

    enum class Side { Server, Client };

    TlsContext(Pointer context, Side side);

    Pointer m_context;
    Side m_side;
};

} // namespace delta::bench
