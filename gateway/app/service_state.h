#pragma once

#include "shared/core/api_error.h"

#include <QString>

#include <atomic>
#include <mutex>
#include <optional>

namespace delta::app {

/// Whether the gateway takes calls, and why not. Written by the main thread, read by all.
class ServiceState
{
public:
    enum class Phase {
        Starting, ///< The store has not been read yet: nobody can be told whether a key is good.
        Ready,
        Draining, ///< Told to stop: what runs may finish, nothing new begins.
    };

    [[nodiscard]] Phase phase() const
    {
        return m_phase.load(std::memory_order_acquire);
    }
    void setPhase(Phase phase)
    {
        m_phase.store(phase, std::memory_order_release);
    }
    /// Says why the phase is Starting.
    void setReason(const QString &reason)
    {
        const std::scoped_lock lock(m_mutex);
        m_reason = reason;
    }
    [[nodiscard]] QString reason() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_reason;
    }
    /// Returns what a call is refused with; nothing if it may begin.
    [[nodiscard]] std::optional<ApiError> refusal() const
    {
        switch (phase()) {
        case Phase::Ready:
            return std::nullopt;
        case Phase::Draining:
            return ApiError::shuttingDown();
        case Phase::Starting:
            return ApiError::storeUnavailable(
                QStringLiteral("The gateway is starting: its store is not available yet."),
                reason());
        }
        Q_UNREACHABLE_RETURN(std::nullopt);
    }

private:
    std::atomic<Phase> m_phase = Phase::Starting;
    mutable std::mutex m_mutex;
    QString m_reason;
};

} // namespace delta::app
