#pragma once

#include <QByteArray>
#include <QByteArrayView>

namespace delta::http {

class OutputQueue;

/// What a reply must look like on the wire because of its request and its connection.
struct ReplyTerms {
    QByteArrayView extraFields; ///< Whole lines for the head, each ending with CR LF.
    bool isHead = false;        ///< The body stays here.
    bool isHttp10 = false;      ///< No chunked coding: the connection's end is the body's end.
};

/// Turns what QtHttpServer writes into what may leave: it knows neither HEAD nor HTTP/1.0, sends a
/// length with 204, and leaves out the space behind a status that it has no phrase for.
class ReplyFilter final
{
public:
    /// Makes ready for the next reply.
    void reset();
    /// Says whether the head of the reply is still to be written.
    [[nodiscard]] bool isInHead() const
    {
        return m_stage == Stage::Head;
    }
    /// Takes bytes of the head, and what follows it. Nothing leaves before the head is complete.
    void writeHead(QByteArrayView bytes, const ReplyTerms &terms, OutputQueue &output);
    /// Takes bytes of the body.
    void writeBody(QByteArrayView bytes, OutputQueue &output);
    /// Ends the coding of a reply that began as chunked; drops what still comes.
    void endChunks(OutputQueue &output);

private:
    enum class Stage {
        Head,
        Body,      ///< Passed on as it is.
        ChunkSize, ///< In the size line of a chunk whose coding is removed.
        ChunkData,
        ChunkEnd, ///< In the CR LF behind the data.
        Nothing,  ///< The rest stays here.
    };

    void passHead(QByteArrayView head, const ReplyTerms &terms, OutputQueue &output);
    QByteArrayView readChunkSize(QByteArrayView bytes);
    QByteArrayView passChunkData(QByteArrayView bytes, OutputQueue &output);
    QByteArrayView skipChunkEnd(QByteArrayView bytes);

    QByteArray m_partialHead; ///< What is there of a head that comes in parts.
    qsizetype m_left =
        0; ///< Bytes still to come of the chunk's data or end; its size while that is read.
    Stage m_stage = Stage::Head;
};

} // namespace delta::http
