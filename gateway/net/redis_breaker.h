#pragma once

#include "shared/core/clock.h"

#include <chrono>

namespace delta::net {

/// Decides whether calls should still be sent to a server that may have stopped to answer. It starts open,
/// which means that nobody calls; a probe that is answered in time closes it.
class RedisBreaker
{
public:
    static constexpr int tolerance = 5; ///< So many failures in a row open it at once,
    static constexpr std::chrono::milliseconds patience{500}; ///< and failures for so long.

    [[nodiscard]] bool isClosed() const
    {
        return m_isClosed;
    }
    /// Says whether failures have come since the last good answer.
    [[nodiscard]] bool isInDoubt() const
    {
        return m_failures > 0;
    }
    /// A call was answered well and in time.
    void noteSuccess()
    {
        m_failures = 0;
    }
    /// A call was answered badly, or not in time.
    void noteFailure(SteadyTime now)
    {
        if (m_failures++ == 0) {
            m_failingSince = now;
        }
        m_isClosed = m_isClosed && m_failures < tolerance;
        check(now);
    }
    /// Opens if nothing but failures came for long enough, however few.
    void check(SteadyTime now)
    {
        if (isInDoubt() && now - m_failingSince >= patience) {
            m_isClosed = false;
        }
    }
    /// A probe was answered well and in time.
    void close()
    {
        m_isClosed = true;
        m_failures = 0;
    }
    /// The connection is gone.
    void open()
    {
        m_isClosed = false;
    }

private:
    bool m_isClosed = false;
    int m_failures = 0; ///< In a row.
    SteadyTime m_failingSince{};
};

} // namespace delta::net
