#pragma once

#include "gateway/ports/upstream_client.h"

#include <QString>
#include <QtTypes>

#include <span>

namespace delta::net {

class OutputQueue;

/// How a call of a stream ended.
enum class IoStatus {
    Done,
    /// Try again when the descriptor is ready: for writing if wantsWrite(), else for reading.
    Blocked,
    Ended,  ///< The peer said that nothing more will come.
    Failed, ///< The connection is of no use any more; ByteStream::error() says why.
};

/// A connected, non-blocking byte stream. It does not own its descriptor, nor watch it.
class ByteStream
{
public:
    struct ReadResult {
        IoStatus status = IoStatus::Blocked;
        qsizetype bytes = 0; ///< Of the buffer; positive if and only if the status is Done.
    };

    virtual ~ByteStream() = default;
    /// Makes the stream ready for data; Done at once where nothing has to be agreed upon.
    [[nodiscard]] virtual IoStatus handshake() = 0;
    /// Reads at least one byte and at most the buffer's size.
    [[nodiscard]] virtual ReadResult read(std::span<char> buffer) = 0;
    /// Sends from the queue until it is empty (Done) or the kernel takes no more (Blocked).
    [[nodiscard]] virtual IoStatus write(OutputQueue &queue) = 0;
    /// Looks whether the peer has neither said anything nor ended since its last answer was read.
    /// False means that the stream must not be used for another request: what nobody has asked
    /// for would pass for its answer.
    [[nodiscard]] virtual bool isQuiet() = 0;
    /// Says whether read() would return something though the descriptor may not be readable.
    [[nodiscard]] virtual bool hasPending() const = 0;
    /// Says whether the last call that returned Blocked waits for the descriptor to be writable.
    [[nodiscard]] virtual bool wantsWrite() const = 0;
    /// Returns how many bytes the kernel has taken for the peer so far.
    [[nodiscard]] virtual qint64 writtenBytes() const = 0;
    /// Returns why the last call failed.
    [[nodiscard]] virtual ports::UpstreamError error() const = 0;
};

} // namespace delta::net
