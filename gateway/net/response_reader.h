#pragma once

#include "gateway/ports/upstream_client.h"

#include <llhttp.h>
#include <QByteArrayView>
#include <QString>

namespace delta::net {

/// Reads responses of HTTP/1.1 and HTTP/1.0, one after another, strictly: what is not well formed
/// or contradicts itself is refused. Interim responses are skipped, trailers are read and dropped.
/// Keeps nothing of a body. Source: RFC 9112; the grammar is llhttp's.
class ResponseReader
{
public:
    /// Takes what is read.
    class Listener
    {
    public:
        enum class Verdict {
            GoOn,
            Stop, ///< The rest of the bytes is of no interest; read() returns Stopped.
        };
        virtual ~Listener() = default;
        virtual Verdict onHead(const ports::UpstreamHead &head) = 0;
        virtual Verdict onBody(QByteArrayView piece) = 0;
    };

    enum class Outcome {
        Incomplete,
        Complete,
        Invalid, ///< problem() says why. Only begin() helps.
        Stopped,
    };
    /// Whether the request was HEAD, whose response looks as if a body followed.
    enum class Expected { Body, HeadOnly };

    /// Heads of more than `maxHeadBytes` are refused; so are as many bytes of other framing in a
    /// row.
    ResponseReader(Listener &listener, qsizetype maxHeadBytes);
    ResponseReader(const ResponseReader &) = delete;
    ResponseReader &operator=(const ResponseReader &) = delete;

    /// Gets ready for the next response.
    void begin(Expected expected);
    /// Reads what has arrived. Calls the listener from inside.
    [[nodiscard]] Outcome read(QByteArrayView bytes);
    /// Reads the end of the stream: Complete if that is where the response ends.
    [[nodiscard]] Outcome finish();

    /// Says whether not one byte of the current response has arrived.
    [[nodiscard]] bool isUntouched() const
    {
        return m_isUntouched;
    }
    /// Says, of a complete response, whether the connection can serve another request: the peer
    /// permits it, and nothing followed the response.
    [[nodiscard]] bool isReusable() const
    {
        return m_isReusable;
    }
    [[nodiscard]] const QString &problem() const
    {
        return m_problem;
    }

private:
    class Callbacks;

    int refuse(const QString &problem);
    int growHead(const char *end);
    int takeHead();
    int takeBody(QByteArrayView piece);
    void note(llhttp_errno error, QByteArrayView bytes);

    Listener &m_listener;
    qsizetype m_maxHeadBytes;
    llhttp_t m_parser{};
    ports::UpstreamHead m_head;        ///< While it is being read.
    const char *m_uncounted = nullptr; ///< From here on bytes are not yet in m_framingBytes.
    qsizetype m_framingBytes = 0; ///< Since the last byte of a body: heads, chunk sizes, trailers.
    Expected m_expected = Expected::Body;
    Outcome m_outcome = Outcome::Incomplete;
    bool m_isHeadDone = false;
    bool m_isUntouched = true;
    bool m_isReusable = false;
    QString m_problem;
};

} // namespace delta::net
