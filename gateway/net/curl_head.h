#pragma once

#include "gateway/ports/upstream_client.h"

#include <QByteArrayView>
#include <QString>

namespace delta::net {

/// Puts a response head together from the lines that libcurl delivers, and checks what libcurl lets
/// pass: contradictory framing, malformed fields, heads without end.
class CurlHead
{
public:
    enum class Outcome {
        Incomplete,
        Complete, ///< take() gives the head. Further lines are trailers, which are dropped.
        Invalid,  ///< problem() says why.
    };
    /// Whether HTTP/2 can be spoken: without TLS it is never agreed upon.
    enum class Http2 { Possible, Impossible };

    CurlHead(qsizetype maxHeadBytes, Http2 http2);

    /// Takes one line with its end. `status` is libcurl's view of the latest status.
    [[nodiscard]] Outcome addLine(QByteArrayView line, int status);
    /// Returns the final head, once.
    [[nodiscard]] ports::UpstreamHead take();
    [[nodiscard]] bool isComplete() const
    {
        return m_isComplete;
    }
    /// Returns what was wrong; empty if nothing was.
    [[nodiscard]] const QString &problem() const
    {
        return m_problem;
    }

private:
    [[nodiscard]] Outcome begin(QByteArrayView line, int status);
    [[nodiscard]] Outcome addField(QByteArrayView line);
    [[nodiscard]] Outcome finish();
    [[nodiscard]] Outcome refuse(const QString &problem);

    qsizetype m_maxHeadBytes;
    Http2 m_http2;
    qsizetype m_bytes = 0; ///< Of all heads of the exchange, interim ones included.
    ports::UpstreamHead m_head;
    bool m_isHttp10 = false;
    bool m_isComplete = false;
    QString m_problem;
};

} // namespace delta::net
