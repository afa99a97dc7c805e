#include "gateway/http/transport/connection.h"
#include "gateway/http/transport/connection_group.h"
#include "gateway/http/transport/plain_stream.h"

#include <utility>

namespace delta::http {

namespace {

/// How much is taken of what a client sends while its request is being answered.
constexpr qsizetype mostAhead = 64 * 1024;

} // namespace

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
    if (!m_bodyShare.cover(m_parser.bodySize())) {
        refuse(refusals::tooManyBodies);
        return;
    }
    m_readTimer.start(m_group.settings().bodyTimeout);
    if (stageBefore != RequestParser::Stage::Body) {
        beginBody();
    }
}

void Connection::beginBody()
{
    m_pace.begin();
    m_paceTimer.start(m_group.settings().bodyTimeout);
    const HeadFacts &facts = m_parser.facts();
    if (facts.expectsContinue && !facts.isHttp10 && m_parser.bodySize() == 0) {
        m_outlet.writeRaw("HTTP/1.1 100 Continue\r\n\r\n");
        m_group.loop().flushLater(*this);
    }
}

void Connection::deliver()
{
    const HeadFacts &facts = m_parser.facts();
    const int mostRequests = m_group.settings().maxRequestsPerConnection;
    ++m_requestCount;
    m_readTimer.stop();
    m_paceTimer.stop();
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
    m_bodyShare.release();
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

/// Frees what has come of a request that nobody will take: its client may linger for a while.
void Connection::forgetRequest()
{
    m_parser.forgetRequest();
    m_bodyShare.release();
}

} // namespace delta::http
