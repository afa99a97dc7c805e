#include "tests/support/scripted_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <thread>
#include <utility>

namespace delta::test {

namespace {

constexpr qsizetype wouldBlock = -1;
constexpr qsizetype ended = 0;

} // namespace

QByteArray ScriptedRequest::field(QByteArrayView name) const
{
    for (const QByteArray &line : head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0
            && QByteArrayView(line).first(colon).compare(name, Qt::CaseInsensitive) == 0) {
            return line.mid(colon + 1).trimmed();
        }
    }
    return {};
}

ScriptedPeer::ScriptedPeer(int fd, int index, const ScriptedGate &stop)
    : m_fd(fd)
    , m_index(index)
    , m_stop(stop)
{
    const int on = 1;
    ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

ScriptedPeer::~ScriptedPeer()
{
    close();
}

bool ScriptedPeer::startTls(SSL_CTX *context)
{
    m_ssl = SSL_new(context);
    SSL_set_fd(m_ssl, m_fd);
    while (true) {
        const int result = SSL_accept(m_ssl);
        if (result == 1) {
            recordTls();
            return true;
        }
        if (finishSslCall(result) == ended) {
            return false;
        }
    }
}

std::optional<ScriptedRequest> ScriptedPeer::readRequest()
{
    ScriptedRequest request;
    while (true) {
        if (const qsizetype headEnd = m_unread.indexOf("\r\n\r\n"); headEnd >= 0) {
            request.head = m_unread.first(headEnd + 4);
            const qsizetype size = request.head.size()
                + request.field("content-length").toLongLong();
            if (m_unread.size() >= size) {
                request.body = m_unread.sliced(request.head.size(), size - request.head.size());
                m_unread.remove(0, size);
                break;
            }
        }
        if (!receive()) {
            return std::nullopt;
        }
    }
    const std::scoped_lock lock(m_mutex);
    m_log.requests.push_back(request);
    return request;
}

QByteArray ScriptedPeer::readSome()
{
    if (m_unread.isEmpty()) {
        receive();
    }
    return std::exchange(m_unread, {});
}

bool ScriptedPeer::receive()
{
    std::array<char, 65536> buffer;
    while (m_fd >= 0) {
        const qsizetype got = readInto(buffer.data(), buffer.size());
        if (got == ended) {
            return false;
        }
        if (got > 0) {
            m_unread.append(buffer.data(), got);
            const std::scoped_lock lock(m_mutex);
            m_log.received.append(buffer.data(), got);
            return true;
        }
    }
    return false;
}

void ScriptedPeer::waitForClose()
{
    m_unread.clear();
    while (!readSome().isEmpty()) { }
}

bool ScriptedPeer::send(QByteArrayView bytes)
{
    while (!bytes.isEmpty()) {
        const qsizetype sent = m_fd < 0 ? ended : writeFrom(bytes);
        if (sent == ended) {
            return false;
        }
        if (sent > 0) {
            bytes = bytes.sliced(sent);
            const std::scoped_lock lock(m_mutex);
            m_log.sentBytes += sent;
        }
    }
    return true;
}

bool ScriptedPeer::sendSlowly(QByteArrayView bytes)
{
    for (qsizetype index = 0; index < bytes.size(); ++index) {
        if (!send(bytes.sliced(index, 1))) {
            return false;
        }
        std::this_thread::yield();
    }
    return true;
}

void ScriptedPeer::wait(const ScriptedGate &gate)
{
    std::array<pollfd, 2> polled{
        {{gate.descriptor(), POLLIN, 0}, {m_stop.descriptor(), POLLIN, 0}}};
    while (::poll(polled.data(), polled.size(), -1) < 0 && errno == EINTR) { }
    if (polled[1].revents != 0) {
        throw ScriptStopped();
    }
}

void ScriptedPeer::wait(std::chrono::milliseconds time)
{
    pollfd polled{m_stop.descriptor(), POLLIN, 0};
    if (::poll(&polled, 1, static_cast<int>(time.count())) > 0) {
        throw ScriptStopped();
    }
}

void ScriptedPeer::close()
{
    if (m_ssl && SSL_is_init_finished(m_ssl)) {
        SSL_shutdown(m_ssl);
    }
    cut();
}

void ScriptedPeer::cut()
{
    SSL_free(std::exchange(m_ssl, nullptr));
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
}

void ScriptedPeer::reset()
{
    const linger hard{.l_onoff = 1, .l_linger = 0};
    ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    cut();
}

ScriptedLog ScriptedPeer::log() const
{
    const std::scoped_lock lock(m_mutex);
    return m_log;
}

void ScriptedPeer::waitFor(Wanted wanted)
{
    const short events = wanted == Wanted::Read ? POLLIN : POLLOUT;
    std::array<pollfd, 2> polled{{{m_fd, events, 0}, {m_stop.descriptor(), POLLIN, 0}}};
    while (::poll(polled.data(), polled.size(), -1) < 0 && errno == EINTR) { }
    if (polled[1].revents != 0) {
        throw ScriptStopped();
    }
}

qsizetype ScriptedPeer::readInto(char *buffer, qsizetype size)
{
    if (m_ssl) {
        return finishSslCall(SSL_read(m_ssl, buffer, static_cast<int>(size)));
    }
    waitFor(Wanted::Read);
    const ssize_t got = ::recv(m_fd, buffer, static_cast<std::size_t>(size), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) {
        return wouldBlock;
    }
    if (got <= 0) {
        recordEnd(got < 0);
        return ended;
    }
    return got;
}

qsizetype ScriptedPeer::writeFrom(QByteArrayView bytes)
{
    if (m_ssl) {
        return finishSslCall(SSL_write(m_ssl, bytes.data(), static_cast<int>(bytes.size())));
    }
    waitFor(Wanted::Write);
    const ssize_t sent = ::send(m_fd, bytes.data(), static_cast<std::size_t>(bytes.size()),
                                MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) {
        return wouldBlock;
    }
    if (sent < 0) {
        recordEnd(true);
        return ended;
    }
    return sent;
}

qsizetype ScriptedPeer::finishSslCall(int result)
{
    if (result > 0) {
        return result;
    }
    switch (SSL_get_error(m_ssl, result)) {
    case SSL_ERROR_WANT_READ:
        waitFor(Wanted::Read);
        return wouldBlock;
    case SSL_ERROR_WANT_WRITE:
        waitFor(Wanted::Write);
        return wouldBlock;
    default:
        recordEnd(errno == ECONNRESET || errno == EPIPE);
        return ended;
    }
}

void ScriptedPeer::recordEnd(bool isReset)
{
    const std::scoped_lock lock(m_mutex);
    m_log.isClosedByClient = true;
    m_log.isReset = isReset;
}

void ScriptedPeer::recordTls()
{
    const char *name = SSL_get_servername(m_ssl, TLSEXT_NAMETYPE_host_name);
    const unsigned char *protocol = nullptr;
    unsigned int protocolSize = 0;
    SSL_get0_alpn_selected(m_ssl, &protocol, &protocolSize);
    const std::scoped_lock lock(m_mutex);
    m_log.isTlsEstablished = true;
    m_log.isTlsResumed = SSL_session_reused(m_ssl) == 1;
    m_log.serverName = QByteArray(name);
    m_log.protocol = QByteArray(reinterpret_cast<const char *>(protocol), protocolSize);
}

} // namespace delta::test
