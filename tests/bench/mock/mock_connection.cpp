#include "tests/bench/mock/mock_connection.h"

#include "tests/bench/mock/bodies.h"
#include "tests/bench/mock/mock_server.h"
#include "tests/bench/wire/clock.h"

#include <chrono>

namespace delta::bench {

namespace {

constexpr std::string_view notFound = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";

std::int64_t inNs(std::chrono::nanoseconds duration)
{
    return duration.count();
}

} // namespace

MockConnection::MockConnection(MockServer &server, std::uint64_t id, int descriptor,
                               const TlsContext *tls)
    : Peer(server.loop(), descriptor, tls)
    , m_server(server)
    , m_id(id)
{
}

void MockConnection::onBytes(std::string_view bytes)
{
    if (!m_reader.feed(bytes, *this)) {
        fail();
    }
}

void MockConnection::onBroken()
{
    m_server.drop(m_id);
}

void MockConnection::onHead(const HttpHead &head)
{
    m_profile = findProfile(head.startLine);
}

void MockConnection::onMessageEnd()
{
    if (!m_profile) {
        send(notFound);
        return;
    }
    m_isAnswering = true;
    m_nextEvent = 0;
    if (m_profile->kind != Profile::Kind::Whole) {
        // The head and the first event are one write, as from a provider that waits for its first
        // token.
        send(m_profile->reply + makeContentChunk(nowNs()));
        ++m_nextEvent;
    } else if (m_profile->delay.count() == 0) {
        resume(0);
        return;
    }
    if (m_profile->delay.count() > 0) {
        resumeAt(nowNs() + inNs(m_profile->delay));
    } else {
        sendUnpaced();
    }
}

void MockConnection::resume(std::int64_t dueNs)
{
    if (m_profile->kind == Profile::Kind::Whole) {
        m_isAnswering = false;
        send(m_profile->reply);
        return;
    }
    sendNextEvent();
    if (isStreaming()) {
        resumeAt(dueNs + inNs(m_profile->delay));
    }
}

void MockConnection::onDrained()
{
    if (isStreaming() && m_profile->delay.count() == 0) {
        sendUnpaced();
    }
}

void MockConnection::sendUnpaced()
{
    // Every event is its own write; a full kernel buffer pauses the stream until onDrained().
    while (isStreaming() && hasSentAll() && !isBroken()) {
        sendNextEvent();
    }
}

void MockConnection::sendNextEvent()
{
    const int event = m_nextEvent++;
    if (event < streamEvents) {
        send(makeContentChunk(nowNs()));
    } else if (event == streamEvents) {
        send(makeUsageChunk());
    } else {
        m_isAnswering = false;
        send(makeLastChunks());
    }
}

void MockConnection::resumeAt(std::int64_t dueNs)
{
    m_server.schedule().add({dueNs, m_id});
}

bool MockConnection::isStreaming() const
{
    return m_isAnswering && m_profile->kind == Profile::Kind::Stream;
}

} // namespace delta::bench
