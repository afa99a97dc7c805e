#include "gateway/net/exchange_clock.h"

#include <utility>

namespace delta::net {

using namespace Qt::StringLiterals;
using ports::UpstreamFault;

ExchangeClock::ExchangeClock(TimerWheel &wheel, const ports::UpstreamTimeouts &timeouts,
                             std::chrono::milliseconds poolTimeout, Callback onMissed)
    : m_timeouts(timeouts)
    , m_poolTimeout(poolTimeout)
    , m_onMissed(std::move(onMissed))
    , m_phaseTimer(wheel, [this] { onPhaseMissed(); })
    , m_totalTimer(wheel,
                   [this] { miss(UpstreamFault::TotalTimeout, u"the exchange took too long"_s); })
{
}

void ExchangeClock::start()
{
    if (m_timeouts.total.count() > 0) {
        m_totalTimer.start(m_timeouts.total);
    }
}

void ExchangeClock::refuse(const QString &problem)
{
    m_problem = problem;
    m_phase = Phase::Refused;
    m_phaseTimer.start(std::chrono::milliseconds(0));
}

void ExchangeClock::enter(Phase phase)
{
    m_phase = phase;
    m_hasBegunToSend = phase >= Phase::Sending;
    touch();
}

void ExchangeClock::touch()
{
    const bool isReading = m_phase == Phase::AwaitingHead || m_phase == Phase::ReadingBody;
    const std::chrono::milliseconds time = longest();
    if (time.count() <= 0 || (isReading && m_isPaused)) {
        m_phaseTimer.stop();
        return;
    }
    m_phaseTimer.start(time);
}

void ExchangeClock::pause()
{
    m_isPaused = true;
    touch();
}

void ExchangeClock::resume()
{
    m_isPaused = false;
    touch();
}

void ExchangeClock::stop()
{
    m_phase = Phase::Idle;
    m_phaseTimer.stop();
    m_totalTimer.stop();
}

std::chrono::milliseconds ExchangeClock::longest() const
{
    switch (m_phase) {
    case Phase::Idle:
    case Phase::Refused:
        break;
    case Phase::Queued:
        return m_poolTimeout;
    case Phase::Connecting:
        return m_timeouts.connect;
    case Phase::AwaitingHead:
        return m_timeouts.firstByte;
    case Phase::Sending:
    case Phase::ReadingBody:
        return m_timeouts.idle;
    }
    return std::chrono::milliseconds(0);
}

void ExchangeClock::onPhaseMissed()
{
    switch (m_phase) {
    case Phase::Idle:
        return;
    case Phase::Refused:
        miss(UpstreamFault::Protocol, u"the request is not sent: "_s + m_problem);
        return;
    case Phase::Queued:
        miss(UpstreamFault::PoolFull, u"no connection came free in time"_s);
        return;
    case Phase::Connecting:
        miss(UpstreamFault::ConnectTimeout, u"connecting took too long"_s);
        return;
    case Phase::AwaitingHead:
        miss(UpstreamFault::FirstByteTimeout, u"no response head in time"_s);
        return;
    case Phase::Sending:
    case Phase::ReadingBody:
        miss(UpstreamFault::IdleTimeout, u"the connection stood still too long"_s);
        return;
    }
}

void ExchangeClock::miss(UpstreamFault fault, const QString &detail)
{
    const Callback onMissed = m_onMissed; // It may destroy us, and itself with us.
    onMissed({fault, detail});
}

} // namespace delta::net
