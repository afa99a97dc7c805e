#include "gateway/net/sse_parser.h"

#include <cstring>
#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

constexpr QByteArrayView byteOrderMark = "\xEF\xBB\xBF";
/// A buffer that has grown beyond this for one long event is given back after it.
constexpr qsizetype smallBuffer = 16 * 1024;

/// Returns the place of the first CR or LF from `from` on; -1 if there is none.
qsizetype findBreak(QByteArrayView bytes, qsizetype from)
{
    const auto find = [&bytes, from](char wanted, qsizetype end) -> qsizetype {
        const void *found = std::memchr(bytes.data() + from, wanted,
                                        static_cast<std::size_t>(end - from));
        return found ? static_cast<const char *>(found) - bytes.data() : -1;
    };
    const qsizetype lf = find('\n', bytes.size());
    const qsizetype cr = find('\r', lf < 0 ? bytes.size() : lf);
    return cr < 0 ? lf : cr;
}

/// Returns where the line behind a complete line break begins.
qsizetype afterBreak(QByteArrayView bytes, qsizetype at)
{
    const bool isCrLf = bytes[at] == '\r' && at + 1 < bytes.size() && bytes[at + 1] == '\n';
    return at + (isCrLf ? 2 : 1);
}

} // namespace

Result<void> SseParser::feed(QByteArrayView piece, const OnEvent &onEvent)
{
    // Whole events are read where they lie; only what is left over is copied.
    const bool isPending = !m_pending.isEmpty();
    if (isPending) {
        m_pending.append(piece);
    }
    QByteArrayView bytes = isPending ? QByteArrayView(m_pending) : piece;
    while (const auto end = findEnd(bytes)) {
        if (*end > m_maxEventBytes) {
            break;
        }
        TRY_VOID(give(bytes.first(*end), onEvent));
        bytes = bytes.sliced(*end);
    }
    if (bytes.size() > m_maxEventBytes) {
        return failure(ApiError::upstream(
            ErrorKind::UpstreamInvalid,
            u"The provider sent an event of more than %1 bytes."_s.arg(m_maxEventBytes)));
    }
    keep(bytes, isPending);
    return {};
}

/// Returns where the first event ends: behind its empty line. Nothing if it is not complete.
std::optional<qsizetype> SseParser::findEnd(QByteArrayView event)
{
    if (!m_isBegun && !findBeginning(event)) {
        return std::nullopt;
    }
    while (true) {
        const qsizetype lineEnd = findBreak(event, m_searched);
        if (lineEnd < 0) {
            m_searched = event.size();
            return std::nullopt;
        }
        const bool isEmpty = lineEnd == m_lineBegin;
        const bool isCutCr = event[lineEnd] == '\r' && lineEnd + 1 == event.size();
        // A CR at the very end may be half of a CRLF. Waiting for the other half is right unless
        // the stream ends its lines with CR alone, where it would hold back a whole event.
        if (isCutCr && (!isEmpty || m_breaksWithCrLf)) {
            m_searched = lineEnd;
            return std::nullopt;
        }
        const qsizetype next = afterBreak(event, lineEnd);
        m_breaksWithCrLf = next - lineEnd == 2;
        m_lineBegin = next;
        m_searched = next;
        if (isEmpty) {
            m_endsWithCr = isCutCr;
            return next;
        }
    }
}

/// Steps over what precedes the first line of an event. False if more bytes are needed to tell.
bool SseParser::findBeginning(QByteArrayView event)
{
    if (event.isEmpty()
        || (m_isFirst && byteOrderMark.startsWith(event) && event != byteOrderMark)) {
        return false;
    }
    const bool hasMark = m_isFirst && event.startsWith(byteOrderMark);
    const bool hasHalfBreak = m_endsWithCr && event[0] == '\n';
    m_prefix = hasMark ? byteOrderMark.size() : (hasHalfBreak ? 1 : 0);
    m_lineBegin = m_prefix;
    m_searched = m_prefix;
    m_isFirst = false;
    m_isBegun = true;
    return true;
}

Result<void> SseParser::give(QByteArrayView raw, const OnEvent &onEvent)
{
    SseEvent event;
    event.raw = raw;
    m_dataLines = 0;
    qsizetype begin = std::exchange(m_prefix, 0);
    m_isBegun = false;
    while (begin < raw.size()) {
        const qsizetype end = findBreak(raw, begin);
        takeLine(raw.sliced(begin, end - begin), event);
        begin = afterBreak(raw, end);
    }
    if (m_dataLines > 1) {
        event.data = m_joined;
    }
    return onEvent(event);
}

void SseParser::takeLine(QByteArrayView line, SseEvent &event)
{
    const qsizetype colon = line.indexOf(':');
    const QByteArrayView field = colon < 0 ? line : line.first(colon);
    QByteArrayView value = colon < 0 ? QByteArrayView() : line.sliced(colon + 1);
    if (value.startsWith(' ')) {
        value = value.sliced(1);
    }
    if (field == "event") {
        event.name = value;
    } else if (field == "id") {
        event.id = value;
    } else if (field == "data") {
        if (++m_dataLines == 1) {
            event.data = value;
            return;
        }
        if (m_dataLines == 2) {
            m_joined.clear();
            m_joined.append(event.data);
        }
        m_joined.append('\n').append(value);
    }
}

void SseParser::keep(QByteArrayView rest, bool isPending)
{
    if (!isPending) {
        m_pending.append(rest);
        return;
    }
    if (rest.isEmpty() && m_pending.capacity() > smallBuffer) {
        m_pending = QByteArray();
        return;
    }
    m_pending.remove(0, m_pending.size() - rest.size());
}

} // namespace delta::net
