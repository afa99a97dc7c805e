#include "gateway/net/tls_stream.h"

#include "gateway/net/output_queue.h"
#include "gateway/net/socket_peek.h"
#include "gateway/net/tls_session.h"

#include <openssl/err.h>
#include <openssl/x509_vfy.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

/// What fits into one TLS record: each record costs one system call.
constexpr std::size_t recordSize = SSL3_RT_MAX_PLAIN_LENGTH;

} // namespace

void TlsStream::SslFreer::operator()(SSL *ssl) const
{
    SSL_free(ssl);
}

TlsStream::TlsStream(Ssl ssl, int fd, TlsSession &session)
    : m_ssl(std::move(ssl))
    , m_fd(fd)
    , m_session(session)
{
    SSL_set_app_data(m_ssl.get(), this);
}

TlsStream::~TlsStream()
{
    if (m_last == IoStatus::Failed || !SSL_is_init_finished(m_ssl.get())) {
        return;
    }
    // Says that nothing more will come. It also keeps the session resumable, which OpenSSL would
    // otherwise spoil when the connection is freed.
    SSL_shutdown(m_ssl.get());
    ERR_clear_error();
}

IoStatus TlsStream::handshake()
{
    ERR_clear_error();
    const IoStatus status = finish(SSL_do_handshake(m_ssl.get()));
    m_isOpen = status == IoStatus::Done;
    return status;
}

ByteStream::ReadResult TlsStream::read(std::span<char> buffer)
{
    if (m_last == IoStatus::Ended || m_last == IoStatus::Failed) {
        return {m_last, 0};
    }
    std::size_t total = 0;
    do {
        ERR_clear_error();
        std::size_t got = 0;
        const int result = SSL_read_ex(m_ssl.get(), buffer.data() + total, buffer.size() - total,
                                       &got);
        if (const IoStatus status = finish(result); status != IoStatus::Done) {
            // What came before an end is handed out first; the next call tells of the end.
            return total > 0 ? ReadResult{IoStatus::Done, static_cast<qsizetype>(total)}
                             : ReadResult{status, 0};
        }
        total += got;
    } while (total < buffer.size() && SSL_has_pending(m_ssl.get()) == 1);
    return {IoStatus::Done, static_cast<qsizetype>(total)};
}

IoStatus TlsStream::write(OutputQueue &queue)
{
    m_wantsWrite = false;
    std::array<char, recordSize> record;
    while (!queue.isEmpty()) {
        const qsizetype size = queue.copyTo(record);
        ERR_clear_error();
        std::size_t sent = 0;
        const int result = SSL_write_ex(m_ssl.get(), record.data(), static_cast<std::size_t>(size),
                                        &sent);
        if (const IoStatus status = finish(result); status != IoStatus::Done) {
            return status;
        }
        queue.advance(static_cast<qsizetype>(sent));
    }
    return IoStatus::Done;
}

bool TlsStream::isQuiet()
{
    if (hasPending()) {
        return false;
    }
    if (isQuietSocket(m_fd)) {
        return true; // Without the buffer that OpenSSL would take to find that out.
    }
    // A TLS peer may send session tickets at any time: reading takes these, and then blocks.
    char byte = 0;
    return read({&byte, 1}).status == IoStatus::Blocked && !hasPending();
}

bool TlsStream::hasPending() const
{
    return m_last == IoStatus::Ended || m_last == IoStatus::Failed
        || SSL_has_pending(m_ssl.get()) == 1;
}

bool TlsStream::wantsWrite() const
{
    return m_wantsWrite;
}

qint64 TlsStream::writtenBytes() const
{
    return static_cast<qint64>(BIO_number_written(SSL_get_wbio(m_ssl.get())));
}

ports::UpstreamError TlsStream::error() const
{
    return {m_fault, m_problem};
}

int TlsStream::onNewSession(SSL *ssl, SSL_SESSION *session)
{
    static_cast<TlsStream *>(SSL_get_app_data(ssl))->m_session.keep(*session);
    return 0; // The reference stays OpenSSL's.
}

IoStatus TlsStream::finish(int result)
{
    m_wantsWrite = false;
    if (result == 1) {
        return IoStatus::Done;
    }
    const int error = SSL_get_error(m_ssl.get(), result);
    switch (error) {
    case SSL_ERROR_WANT_WRITE:
        m_wantsWrite = true;
        return IoStatus::Blocked;
    case SSL_ERROR_WANT_READ:
        return IoStatus::Blocked;
    case SSL_ERROR_ZERO_RETURN:
        return m_last = IoStatus::Ended;
    default:
        noteFailure(error);
        return m_last = IoStatus::Failed;
    }
}

void TlsStream::noteFailure(int sslError)
{
    const int systemError = errno;
    const unsigned long reason = ERR_peek_last_error();
    const long verified = SSL_get_verify_result(m_ssl.get());
    const bool isCut = sslError == SSL_ERROR_SYSCALL
        || ERR_GET_REASON(reason) == SSL_R_UNEXPECTED_EOF_WHILE_READING;
    if (isCut && m_isOpen) {
        m_fault = ports::UpstreamFault::Closed;
    }
    if (verified != X509_V_OK && SSL_get_verify_mode(m_ssl.get()) != SSL_VERIFY_NONE) {
        m_problem = u"the certificate is refused: "_s
            + QString::fromLatin1(X509_verify_cert_error_string(verified));
    } else if (sslError == SSL_ERROR_SYSCALL) {
        m_problem = QString::fromLocal8Bit(std::strerror(systemError));
    } else if (const char *text = ERR_reason_error_string(reason)) {
        m_problem = QString::fromLatin1(text);
    }
}

} // namespace delta::net
