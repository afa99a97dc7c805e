#pragma once

#include "tests/bench/wire/tls_context.h"

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace delta::bench {

/// A non-blocking TCP connection, plain or TLS, with TCP_NODELAY. Owns its descriptor.
class StreamSocket final
{
public:
    enum class Outcome {
        Done,      ///< Some bytes were moved.
        WantRead,  ///< Nothing now; try again when the descriptor is readable.
        WantWrite, ///< Nothing now; try again when the descriptor is writable.
        Closed,    ///< The other side left, or the connection failed.
    };

    /// How a read or a write ended, and how many bytes it moved.
    struct Result {
        Outcome outcome;
        std::size_t size = 0;
    };

    /// Takes over a connected or connecting descriptor; a null context means plain TCP.
    StreamSocket(int descriptor, const TlsContext *tls);
    ~StreamSocket();
    StreamSocket(const StreamSocket &) = delete;
    StreamSocket &operator=(const StreamSocket &) = delete;

    [[nodiscard]] int descriptor() const
    {
        return m_descriptor;
    }

    /// Reads what is there, at most the size of `buffer`. A TLS read may also continue the
    /// handshake.
    [[nodiscard]] Result read(std::span<char> buffer);

    /// Writes as much of `bytes` as the kernel takes: in TLS, as one record.
    [[nodiscard]] Result write(std::string_view bytes);

    /// Whether bytes are waiting that the kernel, and so the loop, no longer knows of.
    [[nodiscard]] bool holdsDecryptedBytes() const;

private:
    [[nodiscard]] Result tlsResult(int returned) const;

    int m_descriptor;
    std::unique_ptr<SSL, decltype(&SSL_free)> m_tls;
};

} // namespace delta::bench
