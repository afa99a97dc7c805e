#pragma once

#include "shared/core/result.h"

#include <QByteArray>
#include <QByteArrayView>

#include <functional>
#include <optional>

namespace delta::net {

/// One server-sent event. The views are valid during the callback only.
struct SseEvent {
    QByteArrayView raw;  ///< All its bytes as they came, the empty line at its end included.
    QByteArrayView name; ///< The last `event` field; empty: a message.
    QByteArrayView id;   ///< The last `id` field; empty if there was none.
    /// The `data` lines joined by newlines; empty if there was none, as for comments.
    QByteArrayView data;
};

/// Splits a stream of server-sent events, however its bytes were cut into pieces. Joined again, the
/// raw bytes of all events are the stream. Takes time in proportion to the bytes, however they
/// come.
/// An event that lacks its empty line when the stream ends is not an event.
/// Source: WHATWG HTML, "Server-sent events", 9.2.5 and 9.2.6, read 2026-11.
class SseParser
{
public:
    static constexpr qsizetype defaultMaxEventBytes = 8 * 1024 * 1024;
    /// Takes an event; an error stops the parser and is what feed() returns. Must not feed the
    /// parser.
    using OnEvent = std::function<Result<void>(const SseEvent &)>;

    explicit SseParser(qsizetype maxEventBytes = defaultMaxEventBytes)
        : m_maxEventBytes(maxEventBytes)
    {
    }

    /// Takes a piece of the stream and gives the events that became complete.
    /// Errors: UpstreamInvalid if an event exceeds the limit, and what the callback returns. After
    /// an error nothing more may be fed.
    [[nodiscard]] Result<void> feed(QByteArrayView piece, const OnEvent &onEvent);

private:
    [[nodiscard]] std::optional<qsizetype> findEnd(QByteArrayView event);
    [[nodiscard]] bool findBeginning(QByteArrayView event);
    [[nodiscard]] Result<void> give(QByteArrayView raw, const OnEvent &onEvent);
    void takeLine(QByteArrayView line, SseEvent &event);
    void keep(QByteArrayView rest, bool isPending);

    qsizetype m_maxEventBytes;
    QByteArray m_pending; ///< The beginning of an event that is not complete.
    QByteArray m_joined;  ///< Data of an event with several data lines.
    int m_dataLines = 0;

    // How far the current event was searched for its end; all counted from its beginning.
    /// Bytes before its first line: a byte order mark, half a line break.
    qsizetype m_prefix = 0;
    qsizetype m_lineBegin = 0; ///< Where the line begins that is being searched for its end.
    qsizetype m_searched = 0;  ///< No line break between there and here.

    bool m_isBegun = false;        ///< The current event's prefix is known.
    bool m_isFirst = true;         ///< The current event is the first.
    bool m_endsWithCr = false;     ///< The last event ended with a CR, whose LF may still come.
    bool m_breaksWithCrLf = false; ///< The last line break was a CRLF.
};

} // namespace delta::net
