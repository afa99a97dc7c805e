#include "tests/support/raw_client.h"

#include "gateway/net/epoll_dispatcher.h"
#include "tests/support/turn_loop.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

namespace delta::test {

namespace {

sockaddr_in ipv4(const QByteArray &host, quint16 port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    ::inet_pton(AF_INET, host.constData(), &address.sin_addr);
    return address;
}

const sockaddr *generic(const sockaddr_in &address)
{
    return reinterpret_cast<const sockaddr *>(&address);
}

/// Takes the next line off `rest`, without its CR LF; null if there is no whole one.
QByteArrayView takeLine(QByteArrayView &rest)
{
    const qsizetype end = rest.indexOf("\r\n");
    if (end < 0) {
        return {};
    }
    const QByteArrayView line = rest.first(end);
    rest = rest.sliced(end + 2);
    return line;
}

void readChunks(ReceivedReply &reply, QByteArrayView &rest)
{
    while (true) {
        QByteArrayView ahead = rest;
        const QByteArrayView line = takeLine(ahead);
        bool isNumber = false;
        const qsizetype size = line.toLongLong(&isNumber, 16);
        if (!isNumber || ahead.size() < size + 2) {
            return;
        }
        reply.body.append(ahead.first(size));
        rest = ahead.sliced(size + 2);
        if (size == 0) {
            reply.isComplete = true;
            return;
        }
    }
}

void readBody(ReceivedReply &reply, QByteArrayView &rest, ReplyTo to)
{
    const bool isBodiless = to == ReplyTo::Head || reply.status < 200 || reply.status == 204
        || reply.status == 304;
    if (isBodiless) {
        reply.isComplete = true;
        return;
    }
    if (reply.field("transfer-encoding") == "chunked") {
        readChunks(reply, rest);
        return;
    }
    const QByteArray length = reply.field("content-length");
    const qsizetype size = length.isNull() ? rest.size() : length.toLongLong();
    reply.isComplete = !length.isNull() && rest.size() >= size;
    reply.body = rest.first(std::min(size, rest.size())).toByteArray();
    rest = rest.sliced(reply.body.size());
}

/// Reads one reply off `rest`; false if its head is incomplete.
bool readReply(ReceivedReply &reply, QByteArrayView &rest, ReplyTo to)
{
    const qsizetype end = rest.indexOf("\r\n\r\n");
    if (end < 0) {
        return false;
    }
    reply.statusLine = takeLine(rest).toByteArray();
    reply.status = reply.statusLine.mid(9, 3).toInt();
    for (QByteArrayView line = takeLine(rest); !line.isEmpty(); line = takeLine(rest)) {
        const qsizetype colon = line.indexOf(':');
        reply.fields.emplace_back(line.first(colon).toByteArray().toLower(),
                                  line.sliced(colon + 1).trimmed().toByteArray());
    }
    readBody(reply, rest, to);
    return true;
}

} // namespace

QByteArray ReceivedReply::field(QByteArrayView name) const
{
    for (const auto &[fieldName, value] : fields) {
        if (fieldName == name) {
            return value;
        }
    }
    return {};
}

std::vector<ReceivedReply> parseReplies(QByteArrayView bytes, ReplyTo to)
{
    std::vector<ReceivedReply> replies;
    for (ReceivedReply reply; readReply(reply, bytes, to); reply = {}) {
        replies.push_back(reply);
        if (!reply.isComplete) {
            break;
        }
    }
    return replies;
}

RawClient::RawClient(quint16 port)
    : RawClient(port, Options())
{
}

RawClient::RawClient(quint16 port, const Options &options)
    : m_loop(net::EpollDispatcher::ofThisThread().loop())
    , m_fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    if (m_fd < 0) {
        throw std::system_error(errno, std::generic_category(), "socket");
    }
    if (options.receiveBufferBytes > 0) {
        ::setsockopt(m_fd, SOL_SOCKET, SO_RCVBUF, &options.receiveBufferBytes,
                     sizeof options.receiveBufferBytes);
    }
    if (!options.from.isEmpty()) {
        const sockaddr_in local = ipv4(options.from, 0);
        ::bind(m_fd, generic(local), sizeof local);
    }
    // The kernel completes the handshake with the listener's queue, so this does not wait for the
    // server.
    const sockaddr_in server = ipv4("127.0.0.1", port);
    if (::connect(m_fd, generic(server), sizeof server) != 0) {
        const int error = errno;
        ::close(m_fd);
        throw std::system_error(error, std::generic_category(), "connect");
    }
    const int on = 1;
    ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    m_loop.add(m_fd, EPOLLIN, *this);
}

RawClient::~RawClient()
{
    close();
}

void RawClient::send(const QByteArray &bytes)
{
    m_unsent.append(bytes);
    sendMore();
}

void RawClient::endWriting()
{
    ::shutdown(m_fd, SHUT_WR);
}

void RawClient::close()
{
    if (m_fd >= 0) {
        m_loop.remove(m_fd, *this);
        ::close(m_fd);
        m_fd = -1;
    }
}

void RawClient::reset()
{
    const linger option{1, 0};
    ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &option, sizeof option);
    close();
}

void RawClient::pauseReading()
{
    m_isReading = false;
    updateEvents();
}

void RawClient::resumeReading()
{
    m_isReading = true;
    updateEvents();
}

quint16 RawClient::localPort() const
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    ::getsockname(m_fd, reinterpret_cast<sockaddr *>(&address), &size);
    return ntohs(address.sin_port);
}

std::vector<ReceivedReply> RawClient::replies(ReplyTo to) const
{
    return parseReplies(m_received, to);
}

int RawClient::completeReplies(ReplyTo to) const
{
    const std::vector<ReceivedReply> all = replies(to);
    const bool isLastComplete = !all.empty() && all.back().isComplete;
    return static_cast<int>(all.size()) - (all.empty() || isLastComplete ? 0 : 1);
}

bool RawClient::waitForReplies(int count, ReplyTo to)
{
    return turnLoopUntil([&] { return m_isClosed || completeReplies(to) >= count; })
        && completeReplies(to) >= count;
}

bool RawClient::waitForClose()
{
    return turnLoopUntil([this] { return m_isClosed; });
}

void RawClient::onEvents(std::uint32_t events)
{
    if ((events & EPOLLOUT) != 0) {
        sendMore();
    }
    if ((events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0 && m_fd >= 0) {
        receive();
    }
}

void RawClient::sendMore()
{
    while (!m_unsent.isEmpty() && m_fd >= 0) {
        const ssize_t count = ::send(m_fd, m_unsent.constData(),
                                     static_cast<std::size_t>(m_unsent.size()),
                                     MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count < 0) {
            if (errno != EAGAIN) {
                m_unsent
                    .clear(); // The server does not want it; what it has to say can still be read.
            }
            break;
        }
        m_unsent.remove(0, count);
    }
    updateEvents();
}

void RawClient::receive()
{
    std::array<char, 64 * 1024> buffer;
    const ssize_t count = ::recv(m_fd, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (count > 0) {
        m_received.append(buffer.data(), count);
        return;
    }
    if (count < 0 && errno == EAGAIN) {
        return;
    }
    m_isClosed = true;
    m_isReset = count < 0;
    m_isReading = false;
    m_unsent.clear();
    close();
}

void RawClient::updateEvents()
{
    if (m_fd >= 0) {
        const std::uint32_t reads = m_isReading ? std::uint32_t(EPOLLIN) : 0U;
        const std::uint32_t writes = m_unsent.isEmpty() ? 0U : std::uint32_t(EPOLLOUT);
        m_loop.modify(m_fd, reads | writes, *this);
    }
}

} // namespace delta::test
