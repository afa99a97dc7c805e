#pragma once

#include <QtTypes>
#include <sys/uio.h>

#include <span>

namespace delta::http {

/// What came of an attempt to move bytes without waiting.
struct IoResult {
    enum class Status {
        Done,       ///< `count` bytes moved; for a handshake: it is over.
        WouldRead,  ///< Try again when the descriptor is readable.
        WouldWrite, ///< Try again when the descriptor is writable.
        End,        ///< The peer has sent its last byte.
        PlainHttp,  ///< A handshake met an HTTP request where TLS was due.
        Broken,     ///< The connection is of no further use.
    };
    Status status = Status::Done;
    qsizetype count = 0;
};

/// The bytes of one connection, in the clear. Never waits, never raises SIGPIPE.
class ByteStream
{
public:
    virtual ~ByteStream() = default;
    /// Goes on with what has to happen before bytes can flow.
    virtual IoResult handshake() = 0;
    virtual IoResult read(std::span<char> target) = 0;
    virtual IoResult write(std::span<const iovec> source) = 0;
    /// Tells the peer that no more bytes come. It may go on sending.
    virtual void endWriting() = 0;
    /// Says whether read() has bytes that the descriptor's readability does not show.
    [[nodiscard]] virtual bool hasHiddenInput() const = 0;
};

} // namespace delta::http
