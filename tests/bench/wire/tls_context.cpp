#include "tests/bench/wire/tls_context.h"

#include <stdexcept>
#include <utility>

namespace delta::bench {

TlsContext::TlsContext(Pointer context, Side side)
    : m_context(std::move(context))
    , m_side(side)
{
    if (!m_context) {
        throw std::runtime_error("OpenSSL cannot make a TLS context");
    }
    SSL_CTX_set_min_proto_version(m_context.get(), TLS1_3_VERSION);
    SSL_CTX_set_mode(m_context.get(),
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_RELEASE_BUFFERS
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    SSL_CTX_set_session_cache_mode(m_context.get(), SSL_SESS_CACHE_OFF);
}

TlsContext TlsContext::makeServer(const std::string &certificateFile, const std::string &keyFile)
{
    TlsContext made(Pointer(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free), Side::Server);
    SSL_CTX *context = made.m_context.get();
    if (SSL_CTX_use_certificate_chain_file(context, certificateFile.c_str()) != 1
        || SSL_CTX_use_PrivateKey_file(context, keyFile.c_str(), SSL_FILETYPE_PEM) != 1) {
        throw std::runtime_error("cannot read " + certificateFile + " and " + keyFile);
    }
    return made;
}

TlsContext TlsContext::makeClient()
{
    return {Pointer(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free), Side::Client};
}

SSL *TlsContext::makeConnection(int descriptor) const
{
    SSL *connection = SSL_new(m_context.get());
    if (!connection || SSL_set_fd(connection, descriptor) != 1) {
        throw std::runtime_error("OpenSSL cannot make a connection");
    }
    if (m_side == Side::Server) {
        SSL_set_accept_state(connection);
    } else {
        SSL_set_connect_state(connection);
    }
    return connection;
}

} // namespace delta::bench
