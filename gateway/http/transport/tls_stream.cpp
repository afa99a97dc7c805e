#include "gateway/http/transport/tls_stream.h"

#include "gateway/net/socket_bio.h"

#include <openssl/err.h>
#include <sys/socket.h>

#include <new>

namespace delta::http {

TlsStream::TlsStream(SSL_CTX *context, int fd)
    : m_fd(fd)
    , m_ssl(SSL_new(context))
{
    if (!m_ssl) {
        throw std::bad_alloc();
    }
    BIO *bio = net::makeSocketBio(fd);
    SSL_set_bio(m_ssl.get(), bio, bio); // Takes over the one reference for both directions.
    SSL_set_accept_state(m_ssl.get());
}

IoResult TlsStream::handshake()
{
    ERR_clear_error();
    const int outcome = SSL_do_handshake(m_ssl.get());
    if (outcome == 1) {
        return {};
    }
    if (ERR_GET_REASON(ERR_peek_error()) == SSL_R_HTTP_REQUEST) {
        return {IoResult::Status::PlainHttp};
    }
    return resultOf(outcome);
}

IoResult TlsStream::read(std::span<char> target)
{
    ERR_clear_error();
    std::size_t total = 0;
    int outcome = 1;
    // One call returns at most one record of 16 KiB. The kernel is not asked for more: the loop
    // tells if it has any.
    do {
        std::size_t count = 0;
        outcome = SSL_read_ex(m_ssl.get(), target.data() + total, target.size() - total, &count);
        total += count;
    } while (outcome == 1 && total < target.size() && hasHiddenInput());
    return total > 0 ? IoResult{IoResult::Status::Done, static_cast<qsizetype>(total)}
                     : resultOf(outcome);
}

IoResult TlsStream::write(std::span<const iovec> source)
{
    ERR_clear_error();
    std::size_t total = 0;
    for (const iovec &part : source) {
        std::size_t count = 0;
        const int outcome = SSL_write_ex(m_ssl.get(), part.iov_base, part.iov_len, &count);
        if (outcome != 1) {
            return total > 0 ? IoResult{IoResult::Status::Done, static_cast<qsizetype>(total)}
                             : resultOf(outcome);
        }
        total += count;
        if (count < part.iov_len) {
            break;
        }
    }
    return {IoResult::Status::Done, static_cast<qsizetype>(total)};
}

void TlsStream::endWriting()
{
    ERR_clear_error();
    SSL_shutdown(m_ssl.get());
    ::shutdown(m_fd, SHUT_WR);
}

bool TlsStream::hasHiddenInput() const
{
    return SSL_has_pending(m_ssl.get()) == 1;
}

IoResult TlsStream::resultOf(int outcome) const
{
    switch (SSL_get_error(m_ssl.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
        return {IoResult::Status::WouldRead};
    case SSL_ERROR_WANT_WRITE:
        return {IoResult::Status::WouldWrite};
    case SSL_ERROR_ZERO_RETURN:
        return {IoResult::Status::End};
    default:
        return {IoResult::Status::Broken};
    }
}

} // namespace delta::http
