#include "gateway/net/lean_exchange.h"

#include "gateway/net/event_loop.h"
#include "gateway/net/lean_connection.h"
#include "gateway/net/request_head.h"

#include <utility>

namespace delta::net {

using Phase = ExchangeClock::Phase;

LeanExchange::LeanExchange(LeanPool &pool, ports::UpstreamRequest request,
                           ports::UpstreamSink &sink)
    : m_pool(pool)
    , m_request(std::move(request))
    , m_sink(sink)
    , m_clock(pool.parts().loop.timers(), m_request.timeouts, pool.parts().settings.poolTimeout,
              [this](const ports::UpstreamError &error) { fail(error); })
{
}

LeanExchange::~LeanExchange()
{
    leave();
}

void LeanExchange::begin()
{
    if (const auto problem = requestProblem(m_request)) {
        m_clock.refuse(*problem);
        return;
    }
    m_clock.start();
    m_pool.submit(*this);
}

void LeanExchange::pause()
{
    m_clock.pause();
}

void LeanExchange::resume()
{
    m_clock.resume();
    if (m_connection) {
        m_connection->resumeReading();
    }
}

bool LeanExchange::hasBegunToSend() const
{
    return m_clock.hasBegunToSend();
}

void LeanExchange::waitAt(LeanPool::Queue::iterator place)
{
    m_place = place;
    m_clock.enter(Phase::Queued);
}

void LeanExchange::noteConnecting(LeanConnection &connection)
{
    m_connection = &connection;
    m_isSent = false; // This may be the second attempt.
    m_clock.enter(Phase::Connecting);
}

void LeanExchange::noteSending(LeanConnection &connection)
{
    m_connection = &connection;
    // Else the response began before the request was sent.
    if (m_clock.phase() != Phase::ReadingBody) {
        m_clock.enter(Phase::Sending);
    }
}

void LeanExchange::noteSent(LeanConnection &connection)
{
    m_connection = &connection;
    m_isSent = true;
    if (m_clock.phase() != Phase::ReadingBody) {
        m_clock.enter(Phase::AwaitingHead);
    }
}

void LeanExchange::noteReceived()
{
    if (m_clock.phase() == Phase::ReadingBody) {
        m_clock.touch();
    }
}

void LeanExchange::takeHead(const ports::UpstreamHead &head)
{
    m_clock.enter(Phase::ReadingBody);
    if (m_isSent) {
        // It will not be sent again. A stream may last for minutes, and a prompt may be long.
        m_request.body = {};
        m_request.fields = {};
    }
    m_sink.onHead(head);
}

void LeanExchange::takeBody(QByteArrayView piece)
{
    m_sink.onBody(piece);
}

void LeanExchange::loseConnection()
{
    m_connection = nullptr;
}

void LeanExchange::end()
{
    leave();
    m_sink.onEnd();
}

void LeanExchange::fail(const ports::UpstreamError &error)
{
    leave();
    m_sink.onError(error);
}

void LeanExchange::leave()
{
    if (m_clock.phase() == Phase::Queued) {
        m_pool.withdraw(m_place);
    }
    m_clock.stop();
    if (LeanConnection *connection = std::exchange(m_connection, nullptr)) {
        connection->abandon();
    }
}

} // namespace delta::net
