#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <utility>
#include <vector>

namespace delta::ports {

/// Header fields in the order in which they are written.
using HeaderList = std::vector<std::pair<QByteArray, QByteArray>>;

/// Hears what happens to a reply's connection. Called on the loop thread of the request,
/// never from inside a call to the reply.
class HttpReplyListener
{
public:
    virtual ~HttpReplyListener() = default;
    /// The backlog fell below the low watermark: write again.
    virtual void onWritable() = 0;
    /// The client is gone. Nothing that is written from now on arrives; the reply must still be
    /// ended.
    virtual void onClientGone() = 0;
};

/// The one reply to one request. Exactly one of these happens: send(), or begin() … end(), or
/// abort().
/// Confined to the loop thread that accepted the request. Destroying an unfinished reply answers
/// 500 if nothing was sent yet and cuts the connection if something was: a request never hangs.
/// The edge adds x-request-id, Date, Server-independent framing and keep-alive handling itself.
class HttpReply
{
public:
    virtual ~HttpReply() = default;

    /// Sends a whole reply.
    virtual void send(int status, const HeaderList &headers, const QByteArray &body) = 0;
    /// Sends the head of a streamed reply; chunks follow.
    virtual void begin(int status, const HeaderList &headers) = 0;
    /// Sends one chunk. What is written within one turn of the loop leaves in one system call.
    virtual void write(QByteArrayView chunk) = 0;
    /// Ends a streamed reply in good order.
    virtual void end() = 0;
    /// Cuts the connection, so that the client can tell that a begun reply is incomplete.
    virtual void abort() = 0;

    /// Says whether the backlog of unsent bytes is below the high watermark.
    [[nodiscard]] virtual bool isWritable() const = 0;
    /// Says whether the client is still there.
    [[nodiscard]] virtual bool isClientPresent() const = 0;
    /// Sets who hears of drain and departure; null for nobody. Not owned; reset it before it dies.
    virtual void setListener(HttpReplyListener *listener) = 0;
};

} // namespace delta::ports
