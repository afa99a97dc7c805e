#include "gateway/net/lean_connection.h"

#include "gateway/net/lean_exchange.h"
#include "gateway/net/lean_pool.h"
#include "gateway/net/plain_stream.h"
#include "gateway/net/request_head.h"
#include "gateway/net/tls_context.h"

#include <linux/sockios.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;
using ports::UpstreamFault;

namespace {

constexpr std::uint32_t readable = EPOLLIN | EPOLLRDHUP;
constexpr std::uint32_t broken = EPOLLHUP | EPOLLERR;

QString unwatchable()
{
    return u"the kernel cannot watch the connection"_s;
}

} // namespace

LeanConnection::LeanConnection(LeanPool &pool, std::size_t index)
    : m_pool(pool)
    , m_index(index)
    , m_watch(pool.parts().loop, *this)
    , m_reader(*this, pool.parts().settings.maxHeadBytes)
{
}

LeanConnection::~LeanConnection()
{
    m_watch.clear();
    m_stream.reset(); // Before the descriptor: it says goodbye.
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

void LeanConnection::open(LeanExchange &exchange)
{
    m_exchange = &exchange;
    exchange.noteConnecting(*this);
    const ports::Origin &origin = m_pool.origin();
    m_connector = std::make_unique<Connector>(
        m_pool.parts().loop, m_pool.parts().resolver, Connector::Target{origin.host, origin.port},
        [this](const Connector::Outcome &outcome) { onConnected(outcome); });
}

void LeanConnection::onConnected(const Connector::Outcome &outcome)
{
    m_connector.reset();
    if (!outcome) {
        lose(outcome.error());
        return;
    }
    m_fd = *outcome;
    if (!m_watch.set(m_fd, readable)) { // Before anything is sent, so that nothing was begun.
        lose({UpstreamFault::Connect, unwatchable()});
        return;
    }
    const ports::Origin &origin = m_pool.origin();
    if (origin.scheme == ports::Scheme::Https) {
        m_stream = m_pool.parts().tls.open(m_fd, origin, m_pool.tlsSession());
    } else {
        m_stream = std::make_unique<PlainStream>(m_fd);
    }
    m_state = State::Handshaking;
    shakeHands();
}

void LeanConnection::shakeHands()
{
    switch (m_stream->handshake()) {
    case IoStatus::Done:
        serve(*m_exchange);
        return;
    case IoStatus::Blocked:
        watch();
        return;
    case IoStatus::Ended:
    case IoStatus::Failed:
        lose(m_stream->error());
        return;
    }
}

bool LeanConnection::isQuiet()
{
    return m_stream->isQuiet();
}

void LeanConnection::serve(LeanExchange &exchange)
{
    m_isReused = m_state == State::Idle;
    m_state = State::Busy;
    m_exchange = &exchange;
    m_bytesBefore = m_stream->writtenBytes();
    const bool isHead = exchange.request().method == "HEAD";
    m_reader.begin(isHead ? ResponseReader::Expected::HeadOnly : ResponseReader::Expected::Body);
    m_output.set(writeRequestHead(exchange.request()), exchange.request().body);
    writeRequest();
}

void LeanConnection::writeRequest()
{
    const IoStatus status = m_stream->write(m_output);
    if (status == IoStatus::Failed || status == IoStatus::Ended) {
        // Only reading tells whether the peer has answered before it closed. Not now: we may be
        // inside of send(), where the sink must not be called.
        m_isWriteBroken = true;
        m_output.clear();
        m_pool.parts().loop.flushLater(*this);
    }
    if (m_output.isEmpty()) {
        m_exchange->noteSent(*this);
    } else {
        m_exchange->noteSending(*this);
    }
    watch();
}

void LeanConnection::onEvents(std::uint32_t events)
{
    switch (m_state) {
    case State::Handshaking:
        shakeHands();
        return;
    case State::Idle:
        if (!isQuiet()) {
            close();
        }
        return;
    case State::Busy:
        break;
    case State::Connecting:
    case State::Closed:
        return;
    }
    const bool isSending = !m_output.isEmpty();
    if (isSending && (events & EPOLLOUT) != 0) {
        writeRequest();
    }
    if (isPaused()) {
        // Only now is the kernel told to be quiet: many a pause is over before anything arrives. A
        // hang-up is always reported, so that it takes more to silence it.
        if ((events & broken) != 0) {
            m_watch.clear();
        } else {
            watch();
        }
        return;
    }
    if (!isSending || (events & ~std::uint32_t(EPOLLOUT)) != 0) {
        readResponse();
    }
}

void LeanConnection::onFlush()
{
    if (m_state == State::Closed) {
        m_pool.destroy(*this);
        return;
    }
    if (m_exchange && m_watch.hasFailed()) {
        lose({UpstreamFault::Closed, unwatchable()});
        return;
    }
    if (m_state == State::Busy && (m_isWriteBroken || !isPaused())) {
        readResponse();
    }
}

void LeanConnection::resumeReading()
{
    if (m_state != State::Busy) {
        return;
    }
    watch();
    if (m_stream->hasPending()) {
        m_pool.parts().loop.flushLater(*this);
    }
}

void LeanConnection::readResponse()
{
    const std::span<char> scratch = m_pool.parts().scratch;
    do {
        const auto [status, count] = m_stream->read(scratch);
        if (status == IoStatus::Done) {
            takeBytes({scratch.data(), count});
        } else if (status == IoStatus::Blocked && !m_isWriteBroken) {
            watch();
            return;
        } else {
            takeEnd(status);
            return;
        }
    } while (m_state == State::Busy && !isPaused() && m_stream->hasPending());
}

void LeanConnection::takeBytes(QByteArrayView bytes)
{
    m_exchange->noteReceived();
    // A buffer that is just full may hide bytes beyond the response in the kernel.
    const bool isFull = bytes.size() == static_cast<qsizetype>(m_pool.parts().scratch.size());
    switch (m_reader.read(bytes)) {
    case ResponseReader::Outcome::Complete:
        complete(m_reader.isReusable() && !isFull && !m_stream->hasPending());
        return;
    case ResponseReader::Outcome::Invalid:
        lose({UpstreamFault::Protocol, m_reader.problem()});
        return;
    case ResponseReader::Outcome::Incomplete:
    case ResponseReader::Outcome::Stopped:
        return;
    }
}

void LeanConnection::takeEnd(IoStatus status)
{
    if (status == IoStatus::Ended && m_reader.finish() == ResponseReader::Outcome::Complete) {
        complete(false);
        return;
    }
    if (mayRepeat(status)) {
        m_pool.open(giveUp());
        return;
    }
    lose(status == IoStatus::Failed
             ? m_stream->error()
             : ports::UpstreamError{UpstreamFault::Closed,
                                    m_reader.isUntouched()
                                        ? u"closed without a response"_s
                                        : u"closed in the middle of the response"_s});
}

ResponseReader::Listener::Verdict LeanConnection::onHead(const ports::UpstreamHead &head)
{
    m_exchange->takeHead(head);
    return m_exchange ? Verdict::GoOn : Verdict::Stop;
}

ResponseReader::Listener::Verdict LeanConnection::onBody(QByteArrayView piece)
{
    m_exchange->takeBody(piece);
    return m_exchange ? Verdict::GoOn : Verdict::Stop;
}

void LeanConnection::complete(bool isReusable)
{
    LeanExchange &exchange = *std::exchange(m_exchange, nullptr);
    exchange.loseConnection();
    m_state = State::Idle;
    if (isReusable && m_output.isEmpty() && !m_isWriteBroken && m_watch.set(m_fd, wantedEvents())) {
        m_pool.release(*this);
    } else {
        close();
    }
    exchange.end();
}

void LeanConnection::lose(const ports::UpstreamError &error)
{
    const ports::UpstreamError copy = error; // It may be part of what closes.
    LeanExchange &exchange = giveUp();
    m_pool.serveQueue();
    exchange.fail(copy);
}

LeanExchange &LeanConnection::giveUp()
{
    LeanExchange &exchange = *std::exchange(m_exchange, nullptr);
    exchange.loseConnection();
    disconnect();
    return exchange;
}

bool LeanConnection::mayRepeat(IoStatus end) const
{
    if (!m_isReused || !m_reader.isUntouched()) {
        return false;
    }
    const QByteArray &method = m_exchange->request().method;
    if (method == "GET" || method == "HEAD" || method == "OPTIONS") {
        return true;
    }
    const qint64 written = m_stream->writtenBytes() - m_bytesBefore;
    if (written == 0) {
        return true;
    }
    // An end in good order acknowledges all that had arrived before it was sent. A reset does not,
    // and acknowledgements are late: behind it the provider may have read everything.
    int unacknowledged = 0;
    return end == IoStatus::Ended && !m_isWriteBroken
        && ::ioctl(m_fd, SIOCOUTQ, &unacknowledged) == 0 && unacknowledged >= written;
}

void LeanConnection::abandon()
{
    m_exchange = nullptr;
    close();
}

void LeanConnection::close()
{
    disconnect();
    m_pool.serveQueue();
}

void LeanConnection::disconnect()
{
    Q_ASSERT(m_state != State::Closed);
    m_state = State::Closed;
    m_connector.reset();
    m_watch.clear();
    m_output.clear();
    m_stream.reset();
    if (m_fd >= 0) {
        ::close(std::exchange(m_fd, -1));
    }
    m_pool.noteClosed(*this);
    m_pool.parts().loop.flushLater(*this);
}

void LeanConnection::watch()
{
    if (!m_watch.set(m_fd, wantedEvents())) {
        // Nothing would tell how it goes on, so it is lost. Not now: we may be inside of send(),
        // where the sink must not be called.
        m_pool.parts().loop.flushLater(*this);
    }
}

std::uint32_t LeanConnection::wantedEvents() const
{
    const bool wantsWrite = !m_output.isEmpty() || m_stream->wantsWrite();
    return (isPaused() ? 0 : readable) | (wantsWrite ? std::uint32_t(EPOLLOUT) : 0);
}

bool LeanConnection::isPaused() const
{
    return m_exchange && m_state == State::Busy && m_exchange->isPaused();
}

} // namespace delta::net
