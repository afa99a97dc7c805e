#include "tests/bench/load/client_connection.h"

#include "tests/bench/wire/clock.h"

namespace delta::bench {

namespace {

constexpr std::size_t statusOffset = sizeof("HTTP/1.1 ") - 1;
constexpr std::size_t keptErrorBytes = 400;

} // namespace

ClientConnection::ClientConnection(const Context &context, std::size_t slot, int descriptor)
    : Peer(context.loop, descriptor, context.tls)
    , m_context(context)
    , m_slot(slot)
{
}

void ClientConnection::start(std::string_view request, std::int64_t dueNs)
{
    m_isBusy = true;
    m_dueNs = dueNs;
    ++m_requestCount;
    m_status.clear();
    m_errorBody.clear();
    m_events.begin(dueNs);
    send(request);
}

void ClientConnection::giveUp(const std::string &reason)
{
    if (!m_isBusy) {
        return;
    }
    m_isBusy = false;
    m_context.recorder.fail(reason, m_errorBody);
    if (isStream()) {
        m_context.recorder.lostEvents += m_context.expectedEvents - m_events.contentEvents();
    }
}

void ClientConnection::onBytes(std::string_view bytes)
{
    if (!m_reader.feed(bytes, *this)) {
        giveUp("not HTTP/1.1");
        fail();
    }
}

void ClientConnection::onBroken()
{
    giveUp("connection closed");
    m_context.owner.onGone(*this);
}

void ClientConnection::onHead(const HttpHead &head)
{
    m_status = head.startLine.substr(std::min(statusOffset, head.startLine.size()), 3);
    m_hasFraming = head.hasLength || head.isChunked;
}

void ClientConnection::onBody(std::string_view bytes)
{
    if (m_status != m_context.expectedStatus) {
        m_errorBody.append(
            bytes.substr(0, keptErrorBytes - std::min(keptErrorBytes, m_errorBody.size())));
        return;
    }
    if (!isStream()) {
        return;
    }
    const bool hadNone = m_events.contentEvents() == 0;
    m_events.feed(bytes, nowNs(), m_context.recorder);
    if (hadNone && m_events.contentEvents() > 0) {
        m_context.owner.onFirstEvent(*this);
    }
}

void ClientConnection::onMessageEnd()
{
    if (const std::string fault = findFault(); !fault.empty()) {
        giveUp(fault);
    } else {
        m_isBusy = false;
        ++m_context.recorder.completed;
    }
    m_context.owner.onReply(*this);
}

std::string ClientConnection::findFault() const
{
    if (!m_isBusy) {
        return "reply without a request";
    }
    if (m_status != m_context.expectedStatus) {
        return "status " + m_status;
    }
    if (!m_hasFraming) {
        return "reply without a length";
    }
    if (isStream() && !m_events.isDone()) {
        return "stream without [DONE]";
    }
    if (isStream() && m_events.contentEvents() != m_context.expectedEvents) {
        return "stream with missing or extra events";
    }
    return {};
}

} // namespace delta::bench
