#include "gateway/net/tls_context.h"

#include "gateway/net/socket_address.h"
#include "gateway/net/socket_bio.h"
#include "gateway/net/tls_session.h"
#include "gateway/net/tls_stream.h"

#include <openssl/x509v3.h>

#include <array>
#include <new>
#include <stdexcept>
#include <utility>

namespace delta::net {

namespace {

/// The protocol list of ALPN: a length byte before each name (RFC 7301).
constexpr std::array<unsigned char, 9> alpn{8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

void trust(SSL_CTX *context, const QByteArray &caFile)
{
    const int isLoaded = caFile.isEmpty() ? SSL_CTX_set_default_verify_paths(context)
                                          : SSL_CTX_load_verify_file(context, caFile.constData());
    if (isLoaded != 1) {
        throw std::runtime_error("cannot read the certificate authorities " + caFile.toStdString());
    }
}

} // namespace

void TlsContext::ContextFreer::operator()(SSL_CTX *context) const
{
    SSL_CTX_free(context);
}

TlsContext::TlsContext(const QByteArray &caFile, Protocol protocol)
    : m_context(SSL_CTX_new(TLS_client_method()))
{
    SSL_CTX *context = m_context.get();
    if (!context) {
        throw std::bad_alloc();
    }
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    // Idle connections give their buffers back; a request may move between two attempts to send it.
    SSL_CTX_set_mode(context,
                     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE
                         | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
    // One system call fetches many records instead of two calls for each.
    SSL_CTX_set_read_ahead(context, 1);
    if (protocol == Protocol::Http1) {
        SSL_CTX_set_alpn_protos(context, alpn.data(), alpn.size());
    }
    SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
    SSL_CTX_sess_set_new_cb(context, TlsStream::onNewSession);
    trust(context, caFile);
}

TlsContext::~TlsContext() = default;

std::unique_ptr<ByteStream> TlsContext::open(int fd, const ports::Origin &origin,
                                             TlsSession &session) const
{
    TlsStream::Ssl ssl(SSL_new(m_context.get()));
    if (!ssl) {
        throw std::bad_alloc();
    }
    BIO *bio = makeSocketBio(fd);
    SSL_set_bio(ssl.get(), bio, bio);
    SSL_set_connect_state(ssl.get());
    if (SocketAddress::fromLiteral(origin.host)) {
        X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl.get()), origin.host.constData());
    } else {
        SSL_set_tlsext_host_name(ssl.get(), origin.host.constData());
        SSL_set1_host(ssl.get(), origin.host.constData());
        SSL_set_hostflags(
            ssl.get(), X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
    }
    const bool isVerified = origin.peerCheck == ports::PeerCheck::Verify;
    SSL_set_verify(ssl.get(), isVerified ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
    session.offerTo(*ssl);
    return std::make_unique<TlsStream>(std::move(ssl), fd, session);
}

} // namespace delta::net
