#pragma once

#include "gateway/http/edge_settings.h"
#include "gateway/http/transport/refusal.h"
#include "gateway/http/transport/request_head.h"
#include "gateway/ports/http_request.h"

#include <llhttp.h>
#include <QByteArrayView>

namespace delta::http {

/// Frames and validates the requests of one connection, one at a time, within the limits of the
/// edge.
/// Strict: all of llhttp's lenient flags are off. Does no I/O and reads no clock.
class RequestParser final
{
public:
    /// Which part of a request the next byte belongs to.
    enum class Stage {
        Idle, ///< No byte of a request is in hand.
        Head,
        Body,
    };
    enum class Progress {
        NeedsMore, ///< All bytes were consumed.
        Complete,  ///< takeRequest() has the request; the bytes behind it were not consumed.
        Refused,   ///< refusal() says why; the connection is of no further use.
    };
    struct Step {
        Progress progress = Progress::NeedsMore;
        qsizetype consumed = 0;
    };

    /// The settings must outlive the parser.
    explicit RequestParser(const EdgeSettings &settings);
    RequestParser(const RequestParser &) = delete;
    RequestParser &operator=(const RequestParser &) = delete;

    Step feed(QByteArrayView bytes);

    [[nodiscard]] Stage stage() const
    {
        return m_stage;
    }
    [[nodiscard]] const Refusal &refusal() const
    {
        return m_refusal;
    }
    /// Returns what the head said, from the head's end until takeRequest().
    [[nodiscard]] const HeadFacts &facts() const
    {
        return m_facts;
    }
    /// Says whether the client allows further requests on the connection. HTTP/1.0 never does here.
    [[nodiscard]] bool keepsAlive() const
    {
        return m_keepsAlive;
    }
    /// Returns how many bytes of the body are in hand, after de-chunking.
    [[nodiscard]] qsizetype bodySize() const
    {
        return m_request.body.size();
    }
    /// Returns the request that is being read; its views are set from Complete on.
    [[nodiscard]] const ports::HttpRequest &request() const
    {
        return m_request;
    }
    /// Returns the request after Complete, and makes ready for the next one.
    /// `id`, `peer` and `receivedAt` are left to the caller.
    [[nodiscard]] ports::HttpRequest takeRequest();
    /// Frees what has come of a request. Nothing may be fed afterwards.
    void forgetRequest()
    {
        m_request = {};
    }

private:
    struct Callbacks;

    Step feedHead(QByteArrayView bytes);
    Step feedBody(QByteArrayView bytes);
    Step refuse(const Refusal &refusal, qsizetype consumed);
    Step finishHead(qsizetype consumed);
    [[nodiscard]] bool agreesWithFraming() const;
    [[nodiscard]] bool isTargetTooLong() const;
    [[nodiscard]] bool isHttp09() const;
    int appendBody(QByteArrayView bytes);
    int noteChunk();
    int noteExtension(qsizetype size);

    const EdgeSettings &m_settings;
    llhttp_t m_parser;
    ports::HttpRequest m_request;
    HeadFacts m_facts;
    Refusal m_refusal;
    const char *m_dataEnd = nullptr; ///< End of the last body bytes within the span being parsed.
    qsizetype m_overhead = 0; ///< Bytes of chunk framing and trailers since the last body byte.
    qsizetype m_extensionBytes = 0; ///< Of all chunk extensions of the message.
    Stage m_stage = Stage::Idle;
    bool m_isHeadComplete = false;
    bool m_isMessageComplete = false;
    bool m_keepsAlive = false;
};

} // namespace delta::http
