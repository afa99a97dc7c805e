#include "tests/bench/wire/stream_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace delta::bench {

namespace {

using Outcome = StreamSocket::Outcome;

/// Translates what recv() or send() returned. A connection that is still being made says EAGAIN.
StreamSocket::Result plainResult(ssize_t moved, Outcome ifNotReady)
{
    if (moved > 0) {
        return {Outcome::Done, static_cast<std::size_t>(moved)};
    }
    const bool isNotReady = moved < 0 && (errno == EAGAIN || errno == EINTR);
    return {isNotReady ? ifNotReady : Outcome::Closed};
}

} // namespace

StreamSocket::StreamSocket(int descriptor, const TlsContext *tls)
    : m_descriptor(descriptor)
    , m_tls(tls ? tls->makeConnection(descriptor) : nullptr, &SSL_free)
{
    const int on = 1;
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

StreamSocket::~StreamSocket()
{
    ::close(m_descriptor);
}

StreamSocket::Result StreamSocket::read(std::span<char> buffer)
{
    if (m_tls) {
        ERR_clear_error();
        return tlsResult(SSL_read(m_tls.get(), buffer.data(), static_cast<int>(buffer.size())));
    }
    return plainResult(::recv(m_descriptor, buffer.data(), buffer.size(), 0), Outcome::WantRead);
}

StreamSocket::Result StreamSocket::write(std::string_view bytes)
{
    if (m_tls) {
        ERR_clear_error();
        return tlsResult(SSL_write(m_tls.get(), bytes.data(), static_cast<int>(bytes.size())));
    }
    return plainResult(::send(m_descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL),
                       Outcome::WantWrite);
}

bool StreamSocket::holdsDecryptedBytes() const
{
    return m_tls && SSL_pending(m_tls.get()) > 0;
}

StreamSocket::Result StreamSocket::tlsResult(int returned) const
{
    if (returned > 0) {
        return {Outcome::Done, static_cast<std::size_t>(returned)};
    }
    switch (SSL_get_error(m_tls.get(), returned)) {
    case SSL_ERROR_WANT_READ:
        return {Outcome::WantRead};
    case SSL_ERROR_WANT_WRITE:
        return {Outcome::WantWrite};
    default:
        return {Outcome::Closed};
    }
}

} // namespace delta::bench
