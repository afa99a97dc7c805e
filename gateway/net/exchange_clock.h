#pragma once

#include "gateway/net/timer_wheel.h"
#include "gateway/ports/upstream_client.h"

#include <QString>

#include <chrono>
#include <functional>

namespace delta::net {

/// Where one exchange stands and when it has to be further: the deadlines of UpstreamTimeouts, the
/// same for every client.
class ExchangeClock
{
public:
    enum class Phase {
        Idle,    ///< Not begun, or over: no deadline runs.
        Refused, ///< The request must not be sent; the failure comes with the next tick.
        Queued,  ///< For a free connection.
        Connecting,
        Sending,
        AwaitingHead,
        ReadingBody,
    };
    /// Is told of the missed deadline; may destroy the clock.
    using Callback = std::function<void(const ports::UpstreamError &)>;

    ExchangeClock(TimerWheel &wheel, const ports::UpstreamTimeouts &timeouts,
                  std::chrono::milliseconds poolTimeout, Callback onMissed);

    /// Starts the deadline of the whole exchange.
    void start();
    /// Fails the exchange from the loop, because of its request.
    void refuse(const QString &problem);
    /// Moves to a phase, whose deadline begins now.
    void enter(Phase phase);
    /// Gives the current phase its whole time again: something has moved.
    void touch();
    /// The sink wants nothing for a while. The provider's silence is then our own doing, so that
    /// only the deadline of the whole exchange runs.
    void pause();
    void resume();
    /// Ends all deadlines.
    void stop();

    [[nodiscard]] Phase phase() const
    {
        return m_phase;
    }
    /// Says whether the last attempt got as far as sending; also when it is over.
    [[nodiscard]] bool hasBegunToSend() const
    {
        return m_hasBegunToSend;
    }
    [[nodiscard]] bool isPaused() const
    {
        return m_isPaused;
    }

private:
    [[nodiscard]] std::chrono::milliseconds longest() const;
    void onPhaseMissed();
    void miss(ports::UpstreamFault fault, const QString &detail);

    ports::UpstreamTimeouts m_timeouts;
    std::chrono::milliseconds m_poolTimeout;
    Callback m_onMissed;
    Phase m_phase = Phase::Idle;
    bool m_hasBegunToSend = false;
    bool m_isPaused = false;
    QString m_problem; ///< Why the request was refused.
    Timer m_phaseTimer;
    Timer m_totalTimer;
};

} // namespace delta::net
