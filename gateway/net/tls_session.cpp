#include "gateway/net/tls_session.h"

namespace delta::net {

// Copies go in and out, because OpenSSL forbids to resume the session of a connection that ended
// without TLS's end mark; many servers end all of theirs so.

void TlsSession::keep(const SSL_SESSION &session)
{
    m_session.reset(SSL_SESSION_dup(&session));
}

void TlsSession::offerTo(SSL &ssl) const
{
    if (!m_session || SSL_SESSION_is_resumable(m_session.get()) != 1) {
        return;
    }
    SSL_SESSION *copy = SSL_SESSION_dup(m_session.get());
    SSL_set_session(&ssl, copy);
    SSL_SESSION_free(copy);
}

void TlsSession::Freer::operator()(SSL_SESSION *session) const
{
    SSL_SESSION_free(session);
}

} // namespace delta::net
