#pragma once

#include "gateway/http/transport/output_queue.h"
#include "gateway/http/transport/reply_filter.h"

#include <QByteArrayView>

namespace delta::http {

class ByteStream;

/// The way out of one connection: completes replies, merges what one turn of the loop writes, and
/// knows how far the client is behind.
class Outlet final
{
public:
    enum class Flushed {
        Everything,
        Part,   ///< The descriptor takes no more now.
        Broken, ///< The client is gone.
    };

    /// The backlog in bytes at which a reply stops being writable.
    explicit Outlet(qsizetype highWatermark)
        : m_highWatermark(highWatermark)
    {
    }

    /// Makes ready for the next reply.
    void beginReply()
    {
        m_filter.reset();
    }
    /// Says whether the head of the reply is still to be written: only then are its terms needed.
    [[nodiscard]] bool isInHead() const
    {
        return m_filter.isInHead();
    }
    void writeHead(QByteArrayView bytes, const ReplyTerms &terms);
    void writeBody(QByteArrayView bytes);
    void endChunks();
    /// Queues bytes that are not part of a reply as QtHttpServer writes it.
    void writeRaw(QByteArrayView bytes);

    /// Sends what the descriptor takes.
    Flushed flush(ByteStream &stream);
    /// Returns how many bytes have been sent so far; grows as long as the client reads.
    [[nodiscard]] qint64 sentBytes() const
    {
        return m_sentBytes;
    }
    [[nodiscard]] qsizetype backlog() const
    {
        return m_queue.size();
    }
    [[nodiscard]] bool isWritable() const
    {
        return m_queue.size() < m_highWatermark;
    }
    /// Says, once for each time it was not writable, that the backlog fell to half the watermark.
    [[nodiscard]] bool takeRelief();
    void clear()
    {
        m_queue.clear();
    }

private:
    void noteBacklog();

    const qsizetype m_highWatermark;
    OutputQueue m_queue;
    ReplyFilter m_filter;
    qint64 m_sentBytes = 0;
    bool m_wasFull = false;
};

} // namespace delta::http
