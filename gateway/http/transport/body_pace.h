#pragma once

#include "gateway/http/edge_settings.h"
#include "shared/core/clock.h"

#include <QtTypes>

namespace delta::http {

/// Judges how fast a request body arrives, so that nobody can hold memory by dripping bytes.
class BodyPace final
{
public:
    void begin(SteadyTime now)
    {
        m_begin = now;
    }
    /// Says whether the body that began to arrive at begin() has too few bytes by now.
    [[nodiscard]] bool isTooSlow(SteadyTime now, qsizetype bytes,
                                 const EdgeSettings &settings) const
    {
        const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(now - m_begin);
        return elapsed > settings.bodyTimeout
            && bytes * 1000 < settings.minBodyBytesPerSecond * elapsed.count();
    }

private:
    SteadyTime m_begin;
};

} // namespace delta::http
