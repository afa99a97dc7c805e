#include "gateway/http/responder_reply.h"

#include "gateway/openai/error_body.h"

#include <QHttpHeaders>

#include <algorithm>
#include <array>
#include <utility>

namespace delta::http {

namespace {

/// Headers that belong to the edge. A handler that relays a provider's headers may well pass them
/// in.
constexpr std::array<QByteArrayView, 9> ownFields{
    "connection", "content-length",    "date",    "keep-alive",  "proxy-connection",
    "trailer",    "transfer-encoding", "upgrade", "x-request-id"};

bool isOwn(QByteArrayView name)
{
    return std::ranges::any_of(ownFields, [name](QByteArrayView own) {
        return own.compare(name, Qt::CaseInsensitive) == 0;
    });
}

/// Says whether the text is a header name (RFC 9110 §5.6.2).
bool isToken(QByteArrayView name)
{
    return !name.isEmpty() && std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
            || QByteArrayView("!#$%&'*+-.^_`|~").contains(c);
    });
}

/// A control character in a value would let whoever chose the value write headers of their own.
bool isSafe(QByteArrayView value)
{
    return std::ranges::none_of(value, [](char c) {
        const auto code = static_cast<unsigned char>(c);
        return (code < 0x20 && c != '\t') || code == 0x7f;
    });
}

/// A reply is final: interim and impossible statuses are a bug of the handler.
QHttpServerResponder::StatusCode statusCode(int status)
{
    const bool isFinal = status >= 200 && status <= 599;
    return static_cast<QHttpServerResponder::StatusCode>(isFinal ? status : 500);
}

} // namespace

ResponderReply::ResponderReply(Parts parts)
    : m_connection(&parts.connection)
    , m_responder(&parts.lent)
    , m_corsAllowOrigin(parts.corsAllowOrigin)
    , m_onEnded(std::move(parts.onEnded))
{
    m_connection->setWatcher(this);
}

ResponderReply::~ResponderReply()
{
    if (m_stage == Stage::Fresh) {
        const ApiError error = ApiError::internal({});
        send(error.status(), {{"content-type", "application/json"}}, openai::errorBody(error));
    } else {
        abort();
    }
}

void ResponderReply::send(int status, const ports::HeaderList &headers, const QByteArray &body)
{
    if (m_stage != Stage::Fresh) {
        return;
    }
    if (hasReader()) {
        m_connection->setReplyFields(wireFields(headers));
        m_responder->write(body, QHttpHeaders(), statusCode(status));
    }
    finish();
}

void ResponderReply::begin(int status, const ports::HeaderList &headers)
{
    if (m_stage != Stage::Fresh) {
        return;
    }
    m_stage = Stage::Begun;
    if (hasReader()) {
        m_connection->setReplyFields(wireFields(headers));
        m_responder->writeBeginChunked(QHttpHeaders(), statusCode(status));
    }
}

void ResponderReply::write(QByteArrayView chunk)
{
    // An empty chunk would end the coding.
    if (m_stage == Stage::Begun && hasReader() && !chunk.isEmpty()) {
        m_responder->writeChunk(QByteArray::fromRawData(chunk.data(), chunk.size()));
    }
}

void ResponderReply::end()
{
    if (m_stage != Stage::Begun) {
        return;
    }
    if (hasReader()) {
        // QtHttpServer warns of an empty last chunk, and has to be told of the end all the same:
        // the coding ends here, and the byte goes nowhere.
        m_connection->endChunks();
        m_responder->writeEndChunked(".");
    }
    finish();
}

void ResponderReply::abort()
{
    if (Connection *connection = release()) {
        connection->abortReply();
    }
}

bool ResponderReply::isWritable() const
{
    return hasReader() && m_connection->isWritable();
}

bool ResponderReply::isClientPresent() const
{
    return hasReader();
}

void ResponderReply::setListener(ports::HttpReplyListener *listener)
{
    m_listener = listener;
}

void ResponderReply::keep(QHttpServerResponder &&responder)
{
    m_responder = &m_kept.emplace(std::move(responder));
}

void ResponderReply::detach()
{
    m_kept.reset();
    m_responder = nullptr;
    m_connection = nullptr;
    m_onEnded = nullptr;
}

void ResponderReply::onWritable()
{
    if (m_listener) {
        m_listener->onWritable();
    }
}

void ResponderReply::onClientGone()
{
    if (m_listener) {
        m_listener->onClientGone();
    }
}

/// Writes the header lines itself: QHttpHeaders would check, fold and copy each of them again.
QByteArray ResponderReply::wireFields(const ports::HeaderList &headers) const
{
    QByteArray lines;
    lines.reserve(512);
    for (const auto &[name, value] : headers) {
        if (!isOwn(name) && isToken(name) && isSafe(value)) {
            lines.append(name).append(": ").append(value).append("\r\n");
        }
    }
    if (!m_corsAllowOrigin.isEmpty()) {
        lines += "access-control-allow-origin: " + m_corsAllowOrigin;
        lines += "\r\naccess-control-expose-headers: x-request-id, retry-after\r\n";
        lines += m_corsAllowOrigin == "*" ? "" : "vary: Origin\r\n";
    }
    return lines;
}

bool ResponderReply::hasReader() const
{
    return m_connection && m_connection->isOpen();
}

void ResponderReply::finish()
{
    if (Connection *connection = release()) {
        connection->finishReply();
    }
}

/// Gives the responder back to QtHttpServer, which then expects the next request of the connection.
Connection *ResponderReply::release()
{
    m_stage = Stage::Ended;
    m_kept.reset();
    m_responder = nullptr;
    if (const auto onEnded = std::exchange(m_onEnded, nullptr)) {
        onEnded(*this);
    }
    return std::exchange(m_connection, nullptr);
}

} // namespace delta::http
