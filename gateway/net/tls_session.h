#pragma once

#include <openssl/ssl.h>

#include <memory>

namespace delta::net {

/// What one origin's latest TLS session leaves behind, so that the next connection is cheaper.
/// Confined to the thread of its pool; must outlive the streams that were opened with it.
class TlsSession
{
public:
    TlsSession() = default;

    /// Keeps a copy of a session instead of the one before.
    void keep(const SSL_SESSION &session);
    /// Lets a connection that has not begun resume the session, if there is one that can be.
    void offerTo(SSL &ssl) const;

private:
    struct Freer {
        void operator()(SSL_SESSION *session) const;
    };
    std::unique_ptr<SSL_SESSION, Freer> m_session;
};

} // namespace delta::net
