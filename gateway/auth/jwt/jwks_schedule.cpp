#include "gateway/auth/jwt/jwks_schedule.h"

namespace delta::auth {

void JwksSchedule::begin(SteadyTime now)
{
    m_begun = now;
    m_isWished = false;
}

void JwksSchedule::succeed()
{
    m_hasKeys = true;
}

void JwksSchedule::fail()
{
    m_isWished = true;
}

std::chrono::milliseconds JwksSchedule::waitFrom(SteadyTime now) const
{
    if (!m_begun) {
        return std::chrono::milliseconds::zero();
    }
    const auto pause = !m_hasKeys ? pauseWithoutKeys : m_isWished ? leastPause : usualPause;
    return std::chrono::ceil<std::chrono::milliseconds>(*m_begun + pause - now);
}

} // namespace delta::auth
