#include "gateway/net/curl_head.h"

#include "gateway/net/http_syntax.h"
#include "gateway/net/response_framing.h"

#include <algorithm>
#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

constexpr std::size_t maxFields = 256;

} // namespace

CurlHead::CurlHead(qsizetype maxHeadBytes, Http2 http2)
    : m_maxHeadBytes(maxHeadBytes)
    , m_http2(http2)
{
}

CurlHead::Outcome CurlHead::addLine(QByteArrayView line, int status)
{
    if (m_isComplete) {
        return Outcome::Incomplete; // A trailer.
    }
    m_bytes += line.size();
    if (m_bytes > m_maxHeadBytes) {
        return refuse(u"the head is too long"_s);
    }
    if (!line.endsWith("\r\n")) {
        return refuse(u"a line of the head does not end with CRLF"_s);
    }
    line.chop(2);
    if (line.isEmpty()) {
        return finish();
    }
    return line.startsWith("HTTP/") ? begin(line, status) : addField(line);
}

ports::UpstreamHead CurlHead::take()
{
    return std::exchange(m_head, {});
}

CurlHead::Outcome CurlHead::begin(QByteArrayView line, int status)
{
    m_head = {status, {}};
    m_isHttp10 = line.startsWith("HTTP/1.0 ");
    const bool isHttp2 = m_http2 == Http2::Possible && line.startsWith("HTTP/2 ");
    const bool isKnown = m_isHttp10 || line.startsWith("HTTP/1.1 ") || isHttp2;
    return isKnown ? Outcome::Incomplete : refuse(u"the HTTP version is none of 1.0, 1.1 and 2"_s);
}

CurlHead::Outcome CurlHead::addField(QByteArrayView line)
{
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView name = line.first(std::max<qsizetype>(colon, 0));
    const QByteArrayView value = line.sliced(colon + 1).trimmed();
    if (name.isEmpty() || !hasOnlyTokenBytes(name) || !hasOnlyValueBytes(value)) {
        return refuse(u"a header field is malformed"_s);
    }
    if (m_head.fields.size() >= maxFields) {
        return refuse(u"too many header fields"_s);
    }
    m_head.fields.emplace_back(name.toByteArray().toLower(), value.toByteArray());
    return Outcome::Incomplete;
}

CurlHead::Outcome CurlHead::finish()
{
    if (const auto problem = framingProblem(m_head)) {
        return refuse(*problem);
    }
    if (m_isHttp10 && !m_head.header("transfer-encoding").isNull()) {
        return refuse(u"Transfer-Encoding in HTTP/1.0"_s);
    }
    m_isComplete = m_head.status >= 200; // Else an interim response; another head follows.
    return m_isComplete ? Outcome::Complete : Outcome::Incomplete;
}

CurlHead::Outcome CurlHead::refuse(const QString &problem)
{
    m_problem = problem;
    return Outcome::Invalid;
}

} // namespace delta::net
