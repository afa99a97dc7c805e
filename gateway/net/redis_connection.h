#pragma once

#include "gateway/net/byte_stream.h"
#include "gateway/net/connector.h"
#include "gateway/net/event_loop.h"
#include "gateway/net/fd_watch.h"
#include "gateway/net/output_queue.h"
#include "gateway/net/redis_protocol.h"
#include "gateway/net/redis_settings.h"
#include "gateway/net/tls_session.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace delta::net {

class TlsContext;

/// Hears of one connection. May close the connection in any call, and must not destroy it there.
class RedisListener
{
public:
    virtual ~RedisListener() = default;
    /// The server is reached and knows who we are.
    virtual void onReady() = 0;
    /// The reply to the oldest command that has none yet.
    virtual void onReply(const RedisReply &reply) = 0;
    /// The connection is of no use; it is closed. `reason` is for the log.
    virtual void onLost(const QString &reason) = 0;
};

/// One connection to a Redis server, from its beginning to its end. What is sent within one turn of the
/// loop goes out together. Has no deadline of its own. Confined to the loop's thread.
class RedisConnection final : private FdHandler
{
public:
    struct Parts {
        EventLoop &loop;
        Resolver &resolver;
        const TlsContext *tls = nullptr; ///< Must be there for Transport::Tls.
    };

    /// Begins to connect. The listener hears nothing before the constructor has returned.
    RedisConnection(const Parts &parts, const RedisSettings &settings, RedisListener &listener);
    ~RedisConnection() override;
    RedisConnection(const RedisConnection &) = delete;
    RedisConnection &operator=(const RedisConnection &) = delete;

    /// Sends a command, once onReady() was heard.
    void send(const QByteArray &command);
    /// Takes what has arrived already, without waiting for the loop to see it.
    void receive();
    /// Sends what there is, as far as the kernel takes it now, and closes. The listener hears of nothing
    /// any more.
    void close();

private:
    void onEvents(std::uint32_t events) override;
    void onFlush() override;

    void connectUnix();
    void onConnected(const Connector::Outcome &outcome);
    void shakeHands();
    void introduce();
    void read();
    void take(const RedisReply &reply);
    void write();
    void watch();
    void lose(const QString &reason);

    Parts m_parts;
    const RedisSettings m_settings;
    RedisListener &m_listener;
    FdWatch m_watch;
    std::unique_ptr<Connector> m_connector;
    TlsSession m_session;
    std::unique_ptr<ByteStream> m_stream; ///< Null until connected, and when closed.
    int m_fd = -1;
    bool m_isOpen = false; ///< The stream's handshake is done.
    int m_greetings = 0;   ///< Replies that are still to come before we are known.
    QString m_problem;     ///< Why the connection failed at once; told by the next flush.
    RedisReader m_reader;
    QByteArray m_unsent; ///< What comes after m_output.
    OutputQueue m_output;
    const std::vector<QByteArray> m_noBody;
};

} // namespace delta::net
