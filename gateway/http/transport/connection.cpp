#include "gateway/http/transport/connection.h"

#include "gateway/http/transport/connection_group.h"
#include "gateway/http/transport/plain_stream.h"
#include "gateway/http/transport/tls_context.h"
#include "gateway/http/transport/tls_stream.h"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

namespace delta::http {

namespace {

/// How long a client may at most go on sending after our last byte, until it is closed for good.
constexpr std::chrono::milliseconds longestLinger{5'000};

std::unique_ptr<ByteStream> makeStream(TlsContext *tls, int fd)
{
    if (tls) {
        return std::make_unique<TlsStream>(tls->current().get(), fd);
    }
    return std::make_unique<PlainStream>(fd);
}

/// Makes close() a reset, for a peer that would take an orderly end for a complete reply.
void makeCloseAReset(int fd)
{
    const linger option{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &option, sizeof option);
}

} // namespace

Connection::Connection(ConnectionGroup &group, AcceptedSocket socket, ConnectionOwner &owner)
    : m_group(group)
    , m_owner(owner)
    , m_socket(std::move(socket))
    , m_stream(makeStream(group.tls(), m_socket.fd.get()))
    , m_parser(group.settings())
    , m_outlet(group.settings().highWatermark)
    , m_readTimer(group.loop().timers(), [this] { onReadTimeout(); })
    , m_paceTimer(group.loop().timers(), [this] { onPaceTimeout(); })
    , m_writeTimer(group.loop().timers(), [this] { onWriteTimeout(); })
    , m_bodyShare(group.bodies())
    , m_events(EPOLLIN | EPOLLRDHUP)
    , m_state(group.tls() ? State::Handshaking : State::Open)
{
    m_group.loop().add(m_socket.fd.get(), m_events, *this);
    m_group.add(*this);
    m_readTimer.start(m_group.settings().headTimeout);
}

Connection::~Connection()
{
    if (m_state != State::Closed) {
        m_group.loop().remove(m_socket.fd.get(), *this);
        m_group.remove(*this);
    }
    endReply();
}

void Connection::onEvents(std::uint32_t events)
{
    if ((events & (EPOLLERR | EPOLLHUP)) != 0) {
        cut();
        return;
    }
    if (m_state == State::Handshaking) {
        shakeHands();
        return;
    }
    if (m_state == State::Lingering) {
        discardInput();
        return;
    }
    if ((events & EPOLLOUT) != 0) {
        m_isReadBlocked = false;
        advance();
    }
    if (m_state == State::Open && (events & (EPOLLIN | EPOLLRDHUP)) != 0) {
        readInput(events);
    }
}

void Connection::onFlush()
{
    if (m_state == State::Open || m_state == State::Closing) {
        advance();
    }
}

void Connection::onReadTimeout()
{
    if (m_state != State::Open || m_parser.stage() == RequestParser::Stage::Idle) {
        close(); // Idle, or lingering, or stuck in a handshake: there is nobody to tell.
        return;
    }
    refuse(m_parser.stage() == RequestParser::Stage::Head ? refusals::slowHead
                                                          : refusals::slowBody);
}

void Connection::onPaceTimeout()
{
    if (m_pace.endsTooSlow(m_parser.bodySize(), m_group.settings())) {
        refuse(refusals::slowBody);
        return;
    }
    m_paceTimer.start(m_group.settings().bodyTimeout);
}

void Connection::onWriteTimeout()
{
    makeCloseAReset(m_socket.fd.get()); // What the kernel still holds has no reader either.
    cut();
}

void Connection::drain()
{
    if (m_state == State::Open && m_phase == Phase::Reading) {
        readRequests(); // A request that has come before the end is still answered.
    }
    const bool isIdle = m_phase == Phase::Reading && m_parser.stage() == RequestParser::Stage::Idle;
    if (m_state == State::Handshaking || (m_state == State::Open && isIdle)) {
        close();
    }
}

void Connection::cut()
{
    if (m_state == State::Closed) {
        return;
    }
    close();
    if (m_watcher) {
        m_watcher->onClientGone();
    }
}

void Connection::beginClose()
{
    m_state = State::Closing;
    m_phase = Phase::Turnover;
    m_readTimer.stop();
    m_paceTimer.stop();
    m_ahead.clear();
    forgetRequest();
    updateEvents();
    m_group.loop().flushLater(*this);
}

void Connection::endWriting()
{
    if (m_isAborted || m_hasInputEnded) {
        if (m_isAborted && m_isHttp10) {
            makeCloseAReset(m_socket.fd.get());
        }
        close();
        return;
    }
    m_stream->endWriting();
    m_state = State::Lingering;
    m_readTimer.start(std::min(longestLinger, m_group.settings().bodyTimeout));
    updateEvents();
}

void Connection::close()
{
    if (m_state == State::Closed) {
        return;
    }
    m_state = State::Closed;
    m_readTimer.stop();
    m_paceTimer.stop();
    m_writeTimer.stop();
    m_group.loop().remove(m_socket.fd.get(), *this);
    m_stream.reset();
    m_socket.fd.reset();
    m_outlet.clear();
    m_ahead.clear();
    if (m_phase == Phase::Reading) {
        forgetRequest();
    }
    m_group.remove(*this);
    m_owner.onClosed();
}

void Connection::updateEvents()
{
    const bool reads = m_state == State::Lingering
        || (m_state != State::Closing && m_wantsRead && !m_isReadBlocked && !m_hasInputEnded);
    const bool watchesEnd = m_state != State::Closing && !m_hasInputEnded;
    const std::uint32_t events = (reads ? std::uint32_t(EPOLLIN) : 0U)
        | (watchesEnd ? std::uint32_t(EPOLLRDHUP) : 0U)
        | (m_wantsWrite || m_isReadBlocked ? std::uint32_t(EPOLLOUT) : 0U);
    if (events != m_events) {
        m_events = events;
        m_group.loop().modify(m_socket.fd.get(), events, *this);
    }
}

void Connection::discardInput()
{
    // For TCP, MSG_TRUNC throws the bytes away inside the kernel.
    constexpr std::size_t most = 1024 * 1024;
    const ssize_t count = ::recv(m_socket.fd.get(), nullptr, most, MSG_TRUNC);
    const bool isOver = count == 0 || (count < 0 && errno != EAGAIN && errno != EINTR);
    if (isOver) {
        close();
    }
}

} // namespace delta::http
