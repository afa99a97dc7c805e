#pragma once

#include "gateway/http/transport/accepted_socket.h"
#include "gateway/http/transport/body_budget.h"
#include "gateway/http/transport/body_pace.h"
#include "gateway/http/transport/byte_stream.h"
#include "gateway/http/transport/outlet.h"
#include "gateway/http/transport/request_parser.h"
#include "gateway/net/event_loop.h"
#include "gateway/ports/http_request.h"

#include <cstdint>
#include <memory>

namespace delta::http {

class ConnectionGroup;

/// Hears what a connection has for the server above it.
class ConnectionOwner
{
public:
    virtual ~ConnectionOwner() = default;
    /// A request waits in Connection::takeRequest().
    virtual void onRequest() = 0;
    /// The descriptor is closed. The connection may be destroyed, but not before the call returns.
    virtual void onClosed() = 0;
};

/// Hears what happens to the reply in progress; never from inside a call to the connection's reply
/// part.
class ReplyWatcher
{
public:
    virtual ~ReplyWatcher() = default;
    /// The backlog fell below the low watermark.
    virtual void onWritable() = 0;
    /// The client left, or was cut. The reply must still be finished.
    virtual void onClientGone() = 0;
};

/// One client connection: frames requests, keeps the deadlines, sends replies. One request at a
/// time; what a client sends ahead is kept up to 64 KiB and then left in the kernel.
///
/// A client that closes or half-closes its side while its request is with a handler has left:
/// nobody would read the answer, and an upstream call must not go on for it. (nginx reads it the
/// same way.)
class Connection final : private net::FdHandler
{
public:
    /// Group and owner are borrowed. Throws std::system_error if the loop cannot watch the
    /// descriptor.
    Connection(ConnectionGroup &group, AcceptedSocket socket, ConnectionOwner &owner);
    ~Connection() override;

    [[nodiscard]] bool isOpen() const
    {
        return m_state != State::Closed;
    }

    // --- the request
    /// Says whether a request waits to be taken.
    [[nodiscard]] bool hasRequest() const
    {
        return m_phase == Phase::Replying && !m_isTaken;
    }
    /// Returns the request that waits without taking it.
    [[nodiscard]] const ports::HttpRequest &request() const
    {
        return m_parser.request();
    }
    /// Returns the request that waits; hasRequest() must be true.
    [[nodiscard]] ports::HttpRequest takeRequest();

    // --- its reply
    /// Sets who hears of this reply; null for nobody. Borrowed until the reply is finished or
    /// aborted.
    void setWatcher(ReplyWatcher *watcher)
    {
        m_watcher = watcher;
    }
    /// Sets header lines, each ending with CR LF, for the head of the reply that is about to be
    /// written.
    void setReplyFields(const QByteArray &lines)
    {
        m_replyFields = lines;
    }
    /// Queues bytes of the reply as QtHttpServer writes them; they leave at the end of the loop's
    /// turn.
    void write(QByteArrayView bytes);
    /// Ends the chunked coding of the reply; what is written afterwards is dropped.
    void endChunks();
    /// Says that the reply is complete.
    void finishReply();
    /// Sends what is queued and closes, so that the client can tell that the reply is incomplete.
    void abortReply();
    /// Answers 500 in the place of a reply that nobody will write, and closes.
    void failReply();
    [[nodiscard]] qsizetype backlog() const
    {
        return m_outlet.backlog();
    }
    [[nodiscard]] bool isWritable() const
    {
        return isOpen() && m_outlet.isWritable();
    }

    // --- its end
    /// Closes now if idle, else after the current request and its reply.
    void drain();
    /// Closes at once; a watcher hears that its client is gone.
    void cut();

private:
    enum class State {
        Handshaking,
        Open,
        Closing, ///< The last bytes are being sent; nothing is read.
        /// Everything is sent: reads and forgets, so that no reset destroys it on its way.
        Lingering,
        Closed,
    };
    enum class Phase {
        Reading,  ///< Waits for a request, or for the rest of one.
        Replying, ///< A request is with its handler.
        Turnover, ///< Its reply is complete, and may still be queued.
    };

    void onEvents(std::uint32_t events) override;
    void onFlush() override;
    void onReadTimeout();
    void onPaceTimeout();
    void onWriteTimeout();

    void shakeHands();
    void refusePlainHttp();
    void readInput(std::uint32_t events);
    void readRequests();
    void readAhead();
    void discardInput();
    void onInputResult(const IoResult &result);
    void onEndOfInput();
    void take(QByteArrayView bytes);
    void awaitMore(RequestParser::Stage stageBefore);
    void awaitBody(RequestParser::Stage stageBefore);
    void beginBody();
    void deliver();
    void refuse(const Refusal &refusal);
    void forgetRequest();

    [[nodiscard]] QByteArray extraFields();
    void advance();
    void flush();
    void turnOver();
    void endReply();
    void beginClose();
    void endWriting();
    void close();
    void updateEvents();

    ConnectionGroup &m_group;
    ConnectionOwner &m_owner;
    AcceptedSocket m_socket;
    std::unique_ptr<ByteStream> m_stream;
    RequestParser m_parser;
    Outlet m_outlet;
    net::Timer m_readTimer;
    net::Timer m_paceTimer; ///< Runs while a body arrives in several reads.
    net::Timer m_writeTimer;
    BodyPace m_pace;
    BodyBudget::Share m_bodyShare; ///< Of the body that is being read.
    QByteArray m_ahead;            ///< What the client sent behind the request in progress.
    QByteArray m_requestId;        ///< Of the request in progress.
    QByteArray m_replyFields;
    ReplyWatcher *m_watcher = nullptr;
    std::uint32_t m_events = 0; ///< What the loop watches for.
    int m_requestCount = 0;
    State m_state = State::Open;
    Phase m_phase = Phase::Reading;
    bool m_isTaken = false;       ///< The request in progress is with its handler.
    bool m_mustClose = false;     ///< After the reply in progress.
    bool m_isHttp10 = false;      ///< The request in progress is.
    bool m_isHead = false;        ///< The request in progress is.
    bool m_isAborted = false;     ///< The reply in progress stays incomplete.
    bool m_hasInputEnded = false; ///< The client has sent its last byte.
    bool m_wantsRead = true;
    bool m_wantsWrite = false;
    bool m_isReadBlocked = false; ///< TLS has to write before it can go on reading.
};

} // namespace delta::http
