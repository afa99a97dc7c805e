#include "gateway/net/redis_connection.h"

#include "gateway/net/plain_stream.h"
#include "gateway/net/tls_context.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;
using Transport = RedisSettings::Transport;

namespace {

constexpr std::size_t readBytes = 16 * 1024;

/// What a server says may be long, or meant to deceive who reads the log.
QString quotedReply(const QByteArray &text)
{
    constexpr qsizetype most = 200;
    QString shown = QString::fromUtf8(text.first(std::min(most, text.size())));
    std::ranges::replace_if(shown, [](QChar c) { return !c.isPrint(); }, QChar(u'?'));
    return u'"' + shown + u'"';
}

} // namespace

RedisConnection::RedisConnection(const Parts &parts, const RedisSettings &settings,
                                 RedisListener &listener)
    : m_parts(parts)
    , m_settings(settings)
    , m_listener(listener)
    , m_watch(parts.loop, *this)
{
    if (settings.transport == Transport::Unix) {
        connectUnix();
        return;
    }
    m_connector = std::make_unique<Connector>(
        parts.loop, parts.resolver, Connector::Target{settings.host, settings.port},
        [this](const Connector::Outcome &outcome) { onConnected(outcome); });
}

RedisConnection::~RedisConnection()
{
    close();
}

void RedisConnection::connectUnix()
{
    union {
        sockaddr_un local;
        sockaddr generic;
    } address{.local = {}};
    m_parts.loop.flushLater(*this); // The listener hears nothing from inside our constructor.
    const auto length = static_cast<std::size_t>(m_settings.path.size());
    if (length >= sizeof address.local.sun_path) {
        m_problem = u"the path of the socket is too long"_s;
        return;
    }
    address.local.sun_family = AF_UNIX;
    std::memcpy(&address.local.sun_path, m_settings.path.constData(), length);
    m_fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (m_fd < 0 || ::connect(m_fd, &address.generic, sizeof address.local) != 0) {
        m_problem = QString::fromLocal8Bit(std::strerror(errno));
    }
}

void RedisConnection::onConnected(const Connector::Outcome &outcome)
{
    m_connector.reset();
    if (!outcome) {
        lose(outcome.error().detail);
        return;
    }
    m_fd = *outcome;
    if (m_settings.transport == Transport::Tls) {
        const ports::Origin origin{ports::Scheme::Https, m_settings.host, m_settings.port,
                                   ports::PeerCheck::Verify};
        m_stream = m_parts.tls->open(m_fd, origin, m_session);
    } else {
        m_stream = std::make_unique<PlainStream>(m_fd);
    }
    shakeHands();
}

void RedisConnection::shakeHands()
{
    switch (m_stream->handshake()) {
    case IoStatus::Done:
        m_isOpen = true;
        introduce();
        return;
    case IoStatus::Blocked:
        watch();
        return;
    case IoStatus::Ended:
    case IoStatus::Failed:
        lose(m_stream->error().detail);
        return;
    }
}

void RedisConnection::introduce()
{
    if (!m_settings.user.isEmpty()) {
        send(redisCommand({"AUTH", m_settings.user, m_settings.password.reveal()}));
        ++m_greetings;
    } else if (!m_settings.password.isEmpty()) {
        send(redisCommand({"AUTH", m_settings.password.reveal()}));
        ++m_greetings;
    }
    if (m_settings.database != 0) {
        send(redisCommand({"SELECT", QByteArray::number(m_settings.database)}));
        ++m_greetings;
    }
    watch();
    if (m_stream && m_greetings == 0) {
        m_listener.onReady();
    }
}

void RedisConnection::send(const QByteArray &command)
{
    m_unsent += command;
    m_parts.loop.flushLater(*this);
}

void RedisConnection::receive()
{
    if (m_isOpen) {
        read();
    }
}

void RedisConnection::onEvents(std::uint32_t)
{
    if (!m_isOpen) {
        shakeHands();
        return;
    }
    write();
    if (m_stream) {
        read();
    }
}

void RedisConnection::onFlush()
{
    if (!m_problem.isEmpty()) {
        lose(m_problem);
    } else if (m_fd < 0) {
        return; // It was closed meanwhile.
    } else if (m_watch.hasFailed()) {
        lose(u"the kernel cannot watch the connection"_s);
    } else if (!m_stream) {
        onConnected(m_fd);
    } else if (m_isOpen) {
        write();
    }
}

void RedisConnection::read()
{
    std::array<char, readBytes> buffer; // NOLINT: what is read of it was written before.
    do {
        const auto [status, count] = m_stream->read(buffer);
        if (status == IoStatus::Blocked) {
            break;
        }
        if (status != IoStatus::Done) {
            lose(status == IoStatus::Ended ? u"the server closed the connection"_s
                                           : m_stream->error().detail);
            return;
        }
        m_reader.feed({buffer.data(), count});
        while (m_stream) {
            const auto reply = m_reader.next();
            if (!reply) {
                lose(reply.error());
            } else if (*reply) {
                take(**reply);
            } else {
                break;
            }
        }
    } while (m_stream && m_stream->hasPending());
    if (m_stream) {
        watch();
    }
}

void RedisConnection::take(const RedisReply &reply)
{
    if (m_greetings == 0) {
        m_listener.onReply(reply);
    } else if (reply.kind != RedisReply::Kind::Status) {
        lose(u"the server does not let us in: "_s + quotedReply(reply.text));
    } else if (--m_greetings == 0) {
        m_listener.onReady();
    }
}

void RedisConnection::write()
{
    IoStatus status = IoStatus::Done;
    while (status == IoStatus::Done && !(m_output.isEmpty() && m_unsent.isEmpty())) {
        if (m_output.isEmpty()) {
            m_output.set(std::exchange(m_unsent, {}), m_noBody);
        }
        status = m_stream->write(m_output);
    }
    if (status == IoStatus::Failed || status == IoStatus::Ended) {
        lose(m_stream->error().detail);
        return;
    }
    watch();
}

void RedisConnection::watch()
{
    const bool wantsWrite = m_stream->wantsWrite() || (m_isOpen && !m_output.isEmpty());
    const std::uint32_t events = EPOLLIN | EPOLLRDHUP | (wantsWrite ? std::uint32_t(EPOLLOUT) : 0U);
    if (!m_watch.set(m_fd, events)) {
        m_parts.loop.flushLater(*this); // Where it is told: we may be inside of any call here.
    }
}

void RedisConnection::lose(const QString &reason)
{
    const QString copy = reason; // It may be part of what closes.
    m_unsent.clear();
    close();
    m_listener.onLost(copy);
}

void RedisConnection::close()
{
    if (m_stream && m_isOpen && !m_unsent.isEmpty() && m_output.isEmpty()) {
        m_output.set(std::exchange(m_unsent, {}), m_noBody);
        std::ignore = m_stream->write(m_output);
    }
    m_connector.reset();
    m_watch.clear();
    m_stream.reset(); // Before the descriptor: it says goodbye.
    m_output.clear();
    m_unsent.clear();
    m_problem.clear();
    m_isOpen = false;
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
}

} // namespace delta::net
