#pragma once

#include "gateway/net/byte_stream.h"

#include <openssl/ssl.h>

#include <memory>

namespace delta::net {

class TlsSession;

/// The client's end of a TLS connection. Made by TlsContext.
class TlsStream final : public ByteStream
{
public:
    struct SslFreer {
        void operator()(SSL *ssl) const;
    };
    using Ssl = std::unique_ptr<SSL, SslFreer>;

    /// Takes an SSL whose BIO is from makeSocketBio(), for the same descriptor. `session` receives
    /// the sessions it is offered.
    TlsStream(Ssl ssl, int fd, TlsSession &session);
    ~TlsStream() override;
    TlsStream(const TlsStream &) = delete;
    TlsStream &operator=(const TlsStream &) = delete;

    [[nodiscard]] IoStatus handshake() override;
    [[nodiscard]] ReadResult read(std::span<char> buffer) override;
    [[nodiscard]] IoStatus write(OutputQueue &queue) override;
    [[nodiscard]] bool isQuiet() override;
    [[nodiscard]] bool hasPending() const override;
    [[nodiscard]] bool wantsWrite() const override;
    [[nodiscard]] qint64 writtenBytes() const override;
    [[nodiscard]] ports::UpstreamError error() const override;

    /// OpenSSL's callback for new sessions; the context installs it.
    static int onNewSession(SSL *ssl, SSL_SESSION *session);

private:
    [[nodiscard]] IoStatus finish(int result);
    void noteFailure(int sslError);

    Ssl m_ssl;
    int m_fd;
    TlsSession &m_session;
    IoStatus m_last = IoStatus::Done; ///< Ended and Failed are for ever.
    bool m_isOpen = false; ///< The handshake succeeded. OpenSSL forgets that at the first failure.
    bool m_wantsWrite = false;
    ports::UpstreamFault m_fault = ports::UpstreamFault::Tls;
    QString m_problem;
};

} // namespace delta::net
