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
/// How much is taken of what a client sends while its request is being answered.
constexpr qsizetype mostAhead = 64 * 1024;

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
    , m_writeTimer(group.loop().timers(), [this] { onWriteTimeout(); })
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

// --- events

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
    refuse(m_parser.stage() == RequestParser::Stage::Head ? refusals::slowHead : refusals::slowBody);
}

void Connection::onWriteTimeout()
{
    makeCloseAReset(m_socket.fd.get()); // What the kernel still holds has no reader either.
    cut();
}

void Connection::shakeHands()
{
    const IoResult result = m_stream->handshake();
    m_wantsRead = result.status != IoResult::Status::WouldWrite;
    m_wantsWrite = !m_wantsRead;
    updateEvents();
    switch (result.status) {
    case IoResult::Status::Done:
        m_state = State::Open;
        m_readTimer.start(m_group.settings().headTimeout);
        readRequests();
        return;
    case IoResult::Status::WouldRead:
    case IoResult::Status::WouldWrite:
        return;
    case IoResult::Status::PlainHttp:
        refusePlainHttp();
        return;
    case IoResult::Status::End:
    case IoResult::Status::Broken:
        close();
        return;
    }
}

void Connection::refusePlainHttp()
{
    m_stream = std::make_unique<PlainStream>(m_socket.fd.get());
    m_state = State::Open;
    refuse(refusals::plainOnTlsPort);
}

// --- input

void Connection::readInput(std::uint32_t events)
{
    if (m_phase == Phase::Reading) {
        readRequests();
    } else if ((events & EPOLLRDHUP) != 0) {
        onEndOfInput();
    } else {
        readAhead();
    }
}

void Connection::readRequests()
{
    do {
        const IoResult result = m_stream->read(m_group.scratch());
        if (result.status != IoResult::Status::Done) {
            onInputResult(result);
            return;
        }
        take(QByteArrayView(m_group.scratch().data(), result.count));
    } while (m_state == State::Open && m_phase == Phase::Reading && m_stream->hasHiddenInput());
}

void Connection::readAhead()
{
    const qsizetype room = mostAhead - m_ahead.size();
    if (room == 0) {
        m_wantsRead = false; // The rest waits in the kernel, and then at the client.
        updateEvents();
        return;
    }
    const IoResult result = m_stream->read(m_group.scratch().first(static_cast<std::size_t>(room)));
    if (result.status != IoResult::Status::Done) {
        onInputResult(result);
        return;
    }
    m_ahead.append(m_group.scratch().data(), result.count);
}

void Connection::onInputResult(const IoResult &result)
{
    switch (result.status) {
    case IoResult::Status::WouldWrite:
        m_isReadBlocked = true;
        updateEvents();
        return;
    case IoResult::Status::End:
        onEndOfInput();
        return;
    case IoResult::Status::Broken:
        cut();
        return;
    default:
        return;
    }
}

void Connection::onEndOfInput()
{
    if (m_phase == Phase::Replying) {
        cut();
        return;
    }
    // A complete reply may still be on its way to a client that only listens now.
    m_hasInputEnded = true;
    updateEvents();
    if (m_phase == Phase::Reading) {
        beginClose();
    }
}

void Connection::take(QByteArrayView bytes)
{
    const RequestParser::Stage stageBefore = m_parser.stage();
    const RequestParser::Step step = m_parser.feed(bytes);
    switch (step.progress) {
    case RequestParser::Progress::NeedsMore:
        awaitMore(stageBefore);
        return;
    case RequestParser::Progress::Refused:
        refuse(m_parser.refusal());
        return;
    case RequestParser::Progress::Complete:
        m_ahead = bytes.sliced(step.consumed).toByteArray();
        deliver();
        return;
    }
}

void Connection::awaitMore(RequestParser::Stage stageBefore)
{
    if (m_parser.stage() == RequestParser::Stage::Body) {
        awaitBody(stageBefore);
    } else if (stageBefore == RequestParser::Stage::Idle) {
        m_readTimer.start(m_group.settings().headTimeout);
    }
}

void Connection::awaitBody(RequestParser::Stage stageBefore)
{
    const SteadyTime now = m_group.clock().steady();
    if (stageBefore != RequestParser::Stage::Body) {
        m_pace.begin(now);
        const HeadFacts &facts = m_parser.facts();
        if (facts.expectsContinue && !facts.isHttp10 && m_parser.bodySize() == 0) {
            m_outlet.writeRaw("HTTP/1.1 100 Continue\r\n\r\n");
            m_group.loop().flushLater(*this);
        }
    } else if (m_pace.isTooSlow(now, m_parser.bodySize(), m_group.settings())) {
        refuse(refusals::slowBody);
        return;
    }
    m_readTimer.start(m_group.settings().bodyTimeout);
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

// --- requests

void Connection::deliver()
{
    const HeadFacts &facts = m_parser.facts();
    const int mostRequests = m_group.settings().maxRequestsPerConnection;
    ++m_requestCount;
    m_readTimer.stop();
    m_phase = Phase::Replying;
    m_isTaken = false;
    m_isHttp10 = facts.isHttp10;
    m_isHead = facts.isHead;
    m_mustClose = !m_parser.keepsAlive() || (mostRequests > 0 && m_requestCount >= mostRequests);
    m_requestId = m_group.ids().next();
    m_outlet.beginReply();
    m_group.noteReplyBegun();
    m_owner.onRequest();
}

ports::HttpRequest Connection::takeRequest()
{
    m_isTaken = true;
    ports::HttpRequest request = m_parser.takeRequest();
    request.id = m_requestId;
    request.peer = m_socket.peer;
    request.receivedAt = m_group.clock().steady();
    return request;
}

void Connection::refuse(const Refusal &refusal)
{
    m_outlet.writeRaw(renderRefusal(refusal, m_group.ids().next(), m_group.date().now()));
    beginClose();
}

// --- replies

void Connection::write(QByteArrayView bytes)
{
    if (m_state != State::Open || m_phase != Phase::Replying) {
        return;
    }
    if (m_outlet.isInHead()) {
        const QByteArray fields = extraFields();
        m_outlet.writeHead(bytes, {fields, m_isHead, m_isHttp10});
    } else {
        m_outlet.writeBody(bytes);
    }
    m_group.loop().flushLater(*this);
}

QByteArray Connection::extraFields()
{
    QByteArray fields = std::exchange(m_replyFields, {});
    fields.reserve(fields.size() + 128);
    fields += "date: ";
    fields += m_group.date().now();
    fields += "\r\nx-request-id: ";
    fields += m_requestId;
    fields += "\r\n";
    if (m_mustClose || m_group.isDraining()) {
        fields += "connection: close\r\n";
    }
    return fields;
}

void Connection::endChunks()
{
    if (m_state == State::Open && m_phase == Phase::Replying) {
        m_outlet.endChunks();
        m_group.loop().flushLater(*this);
    }
}

void Connection::finishReply()
{
    endReply();
    if (m_state == State::Open) {
        m_phase = Phase::Turnover;
        m_group.loop().flushLater(*this);
    }
}

void Connection::abortReply()
{
    endReply();
    if (m_state == State::Open) {
        m_isAborted = true;
        beginClose();
    }
}

void Connection::failReply()
{
    if (m_outlet.isInHead() && m_state == State::Open) {
        m_outlet.writeRaw(renderRefusal(refusals::notHandled, m_requestId, m_group.date().now()));
        endReply();
        beginClose();
        return;
    }
    abortReply();
}

void Connection::endReply()
{
    m_watcher = nullptr;
    if (std::exchange(m_phase, Phase::Turnover) == Phase::Replying) {
        m_group.noteReplyEnded();
    }
}

// --- output

void Connection::advance()
{
    flush();
    if (m_state == State::Closed || m_outlet.backlog() > 0) {
        return;
    }
    if (m_state == State::Closing) {
        endWriting();
    } else if (m_phase == Phase::Turnover) {
        turnOver();
    }
}

void Connection::flush()
{
    const qint64 sentBefore = m_outlet.sentBytes();
    const Outlet::Flushed outcome = m_outlet.flush(*m_stream);
    if (outcome == Outlet::Flushed::Broken) {
        cut();
        return;
    }
    m_wantsWrite = outcome == Outlet::Flushed::Part;
    if (!m_wantsWrite) {
        m_writeTimer.stop();
    } else if (!m_writeTimer.isActive() || m_outlet.sentBytes() != sentBefore) {
        m_writeTimer.start(m_group.settings().writeTimeout);
    }
    updateEvents();
    if (m_outlet.takeRelief() && m_watcher) {
        m_watcher->onWritable();
    }
}

void Connection::turnOver()
{
    m_phase = Phase::Reading;
    if (m_mustClose || m_hasInputEnded || m_group.isDraining()) {
        beginClose();
        return;
    }
    m_wantsRead = true;
    updateEvents();
    m_readTimer.start(m_group.settings().idleTimeout);
    if (!m_ahead.isEmpty()) {
        take(std::exchange(m_ahead, {}));
    }
    if (m_state == State::Open && m_phase == Phase::Reading && m_stream->hasHiddenInput()) {
        readRequests();
    }
}

// --- the end

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
    m_ahead.clear();
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
    m_writeTimer.stop();
    m_group.loop().remove(m_socket.fd.get(), *this);
    m_stream.reset();
    m_socket.fd.reset();
    m_outlet.clear();
    m_ahead.clear();
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

} // namespace delta::http
