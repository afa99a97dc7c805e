#include "gateway/http/transport/strict_server.h"

#include "gateway/http/transport/connection_group.h"
#include "gateway/http/transport/peer_address.h"
#include "gateway/http/transport/refusal.h"
#include "gateway/http/transport/strict_socket.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <QMetaMethod>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <cerrno>
#include <chrono>
#include <exception>
#include <optional>
#include <system_error>
#include <utility>

namespace delta::http {

namespace {

/// How many connections one turn of the loop takes: enough to keep up, few enough to be fair.
constexpr int mostPerTurn = 64;
/// The listeners' backlog.
constexpr int mostQueued = 4'096;
/// How long to wait when the kernel has no descriptor or memory for us, instead of asking all the
/// time.
constexpr std::chrono::milliseconds pauseTime{100};

FileDescriptor makeReserve()
{
    return FileDescriptor(::eventfd(0, EFD_CLOEXEC));
}

} // namespace

StrictServer::StrictServer(ConnectionGroup &group, ConnectionLimits &limits, QObject *parent)
    : QTcpServer(parent)
    , m_group(group)
    , m_limits(limits)
    , m_pauseTimer(group.loop().timers(), [this] { resume(); })
    , m_reserve(makeReserve())
{
}

StrictServer::~StrictServer()
{
    pause();
}

bool StrictServer::listenOn(Listener listener)
{
    const int fd = listener.fd.get();
    if (!setSocketDescriptor(fd)) {
        return false;
    }
    listener.fd.release();
    m_origin = listener.origin;
    pauseAccepting(); // QTcpServer's own; the loop calls us instead.
    m_listener = fd;
    m_group.loop().add(fd, EPOLLIN, *this);
    return true;
}

void StrictServer::stopAccepting()
{
    if (m_listener < 0) {
        return;
    }
    const int queued = m_origin == Listener::Origin::Own ? mostQueued : 0;
    for (int count = 0; count < queued && acceptOne() == Accepted::Yes; ++count) { }
    pause();
    m_pauseTimer.stop();
    m_listener = -1;
    QTcpServer::close();
}

void StrictServer::onEvents(std::uint32_t)
{
    for (int count = 0; count < mostPerTurn; ++count) {
        if (acceptOne() == Accepted::Later) {
            return;
        }
    }
}

StrictServer::Accepted StrictServer::acceptOne()
{
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    const int fd = ::accept4(m_listener, reinterpret_cast<sockaddr *>(&address), &size,
                             SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0) {
        return onAcceptError(errno);
    }
    m_peer = address;
    incomingConnection(fd);
    return Accepted::Yes;
}

StrictServer::Accepted StrictServer::onAcceptError(int error)
{
    switch (error) {
    case EAGAIN:
        return Accepted::Later;
    case EMFILE:
    case ENFILE:
        return turnAwayWithReserve();
    case ENOBUFS:
    case ENOMEM:
        pause();
        m_pauseTimer.start(pauseTime);
        return Accepted::Later;
    default:
        return Accepted::
            Yes; // The error of one connection that broke in the queue; the next may be well.
    }
}

StrictServer::Accepted StrictServer::turnAwayWithReserve()
{
    m_reserve.reset();
    FileDescriptor socket(::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    const bool hasTaken = socket.isOpen();
    if (hasTaken) {
        turnAway(std::move(socket));
    }
    m_reserve = makeReserve();
    if (hasTaken && m_reserve.isOpen()) {
        return Accepted::Yes;
    }
    pause();
    m_pauseTimer.start(pauseTime);
    return Accepted::Later;
}

void StrictServer::incomingConnection(qintptr handle)
{
    FileDescriptor fd(static_cast<int>(handle));
    std::optional<ConnectionLimits::Slot> slot = m_limits.admit(m_peer);
    if (!slot) {
        turnAway(std::move(fd));
        return;
    }
    const int on = 1;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    try {
        m_announced = std::make_unique<StrictSocket>(
            m_group, AcceptedSocket{std::move(fd), addressText(m_peer), std::move(*slot)});
    } catch (const std::exception &) {
        // The kernel can watch no further descriptor, or TLS has no memory: the client sees a closed
        // connection.
        return;
    }
    // QTcpServer emits this signal only for its own queue.
    QMetaMethod::fromSignal(&QTcpServer::pendingConnectionAvailable)
        .invoke(this, Qt::DirectConnection);
    m_announced.reset();
}

bool StrictServer::hasPendingConnections() const
{
    return m_announced != nullptr;
}

QTcpSocket *StrictServer::nextPendingConnection()
{
    return m_announced.release();
}

/// Tells the client, as far as one call can: whoever is beyond a cap gets no memory.
void StrictServer::turnAway(FileDescriptor socket)
{
    if (m_group.tls()) {
        return;
    }
    const QByteArray reply = renderRefusal(refusals::tooManyConnections, m_group.ids().next(),
                                           m_group.date().now());
    ::send(socket.get(), reply.constData(), static_cast<std::size_t>(reply.size()), MSG_NOSIGNAL);
    ::shutdown(socket.get(), SHUT_WR);
    ::recv(socket.get(), nullptr, 1024 * 1024,
           MSG_TRUNC); // Unread bytes would turn the close into a reset.
}

void StrictServer::pause()
{
    if (m_listener >= 0) {
        m_group.loop().remove(m_listener, *this);
    }
}

void StrictServer::resume()
{
    if (!m_reserve.isOpen()) {
        m_reserve = makeReserve();
    }
    try {
        m_group.loop().add(m_listener, EPOLLIN, *this);
    } catch (const std::system_error &) {
        m_pauseTimer.start(pauseTime); // What was missing before is missing still.
    }
}

} // namespace delta::http
