#include "tests/support/redis_server.h"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <QFile>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <span>
#include <vector>

namespace delta::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int patience = 60'000; ///< In milliseconds; only a failing test waits for so long.

QByteArray textOf(const redisReply &reply)
{
    const QByteArray text(reply.str, static_cast<qsizetype>(reply.len));
    QByteArray list;
    switch (reply.type) {
    case REDIS_REPLY_INTEGER:
        return QByteArray::number(qint64(reply.integer));
    case REDIS_REPLY_ERROR:
        return '-' + text;
    case REDIS_REPLY_ARRAY:
        for (const redisReply *part : std::span(reply.element, reply.elements)) {
            list += (list.isEmpty() ? "" : " ") + textOf(*part);
        }
        return list;
    default:
        return text;
    }
}

} // namespace

RedisServer::RedisServer(const QStringList &more)
    : m_more(more)
    , m_client(nullptr, ::redisFree)
{
    start();
}

RedisServer::~RedisServer()
{
    kill();
}

net::RedisSettings RedisServer::settings() const
{
    net::RedisSettings settings;
    settings.transport = net::RedisSettings::Transport::Unix;
    settings.path = m_folder.filePath(u"redis.sock"_s).toUtf8();
    return settings;
}

void RedisServer::start()
{
    QStringList arguments{
        u"--port"_s, u"0"_s,          u"--unixsocket"_s, m_folder.filePath(u"redis.sock"_s),
        u"--dir"_s,  m_folder.path(), u"--save"_s,       QString()};
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    m_process.setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); }); // With us.
    m_process.start(u"redis-server"_s, arguments + m_more);
    QByteArray output;
    while (!output.contains("eady to accept connections")) {
        if (!m_process.waitForReadyRead(patience)) {
            qFatal("redis-server does not start: %s", output.constData());
        }
        output += m_process.readAll();
    }
    m_client.reset(::redisConnectUnix(settings().path.constData()));
}

void RedisServer::kill()
{
    m_client.reset();
    m_process.kill();
    m_process.waitForFinished(patience);
}

void RedisServer::pause()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGSTOP);
    waitForState("T");
}

void RedisServer::resume()
{
    ::kill(static_cast<pid_t>(m_process.processId()), SIGCONT);
    waitForState("SR");
}

void RedisServer::waitForState(QByteArrayView states) const
{
    char state = '?';
    while (!states.contains(state)) {
        QFile file(u"/proc/%1/stat"_s.arg(m_process.processId()));
        if (!file.open(QIODevice::ReadOnly)) {
            qFatal("redis-server is gone");
        }
        const QByteArray text = file.readAll();
        state = text.at(text.lastIndexOf(')') + 2);
    }
}

QByteArray RedisServer::run(std::initializer_list<QByteArray> words)
{
    return run(std::vector<QByteArray>(words));
}

QByteArray RedisServer::run(const std::vector<QByteArray> &words)
{
    std::vector<const char *> texts;
    std::vector<std::size_t> sizes;
    for (const QByteArray &word : words) {
        texts.push_back(word.constData());
        sizes.push_back(static_cast<std::size_t>(word.size()));
    }
    const std::unique_ptr<redisReply, void (*)(void *)> reply(
        static_cast<redisReply *>(::redisCommandArgv(m_client.get(), static_cast<int>(words.size()),
                                                     texts.data(), sizes.data())),
        ::freeReplyObject);
    if (!reply) {
        qFatal("redis-server does not answer: %s", m_client->errstr);
    }
    return textOf(*reply);
}

quint16 freePort()
{
    union {
        sockaddr_in v4;
        sockaddr generic;
    } address{.v4 = {}};
    address.v4.sin_family = AF_INET;
    address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address.v4;
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    ::bind(fd, &address.generic, size);
    ::getsockname(fd, &address.generic, &size);
    ::close(fd);
    return ntohs(address.v4.sin_port);
}

} // namespace delta::test
