#pragma once

#include "gateway/http/transport/byte_stream.h"

#include <openssl/ssl.h>

#include <memory>

namespace delta::http {

/// The server's end of one TLS connection.
class TlsStream final : public ByteStream
{
public:
    /// Borrows the descriptor, which must be non-blocking; keeps a reference to the context.
    TlsStream(SSL_CTX *context, int fd);

    IoResult handshake() override;
    IoResult read(std::span<char> target) override;
    IoResult write(std::span<const iovec> source) override;
    void endWriting() override;
    [[nodiscard]] bool hasHiddenInput() const override;

private:
    struct Freer {
        void operator()(SSL *ssl) const
        {
            SSL_free(ssl);
        }
    };

    [[nodiscard]] IoResult resultOf(int outcome) const;

    int m_fd;
    std::unique_ptr<SSL, Freer> m_ssl;
};

} // namespace delta::http
