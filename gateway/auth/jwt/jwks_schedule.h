#pragma once

#include "shared/core/clock.h"

#include <chrono>
#include <optional>

namespace delta::auth {

/// Says when the keys of an issuer are to be fetched: at the start; each hour; when somebody used
/// one that is not known, and where a fetch failed, but no two within ten seconds. While none are
/// known, and nobody is let in, every two seconds. Confined to one thread at a time.
class JwksSchedule
{
public:
    static constexpr std::chrono::milliseconds usualPause = std::chrono::hours(1);
    static constexpr std::chrono::milliseconds leastPause = std::chrono::seconds(10);
    static constexpr std::chrono::milliseconds pauseWithoutKeys = std::chrono::seconds(2);

    /// Says that a fetch begins, which answers all wishes until now.
    void begin(SteadyTime now);
    /// Says how the fetch went.
    void succeed();
    void fail();
    /// Asks for a fetch before its hour.
    void wish()
    {
        m_isWished = true;
    }
    /// Returns how long to wait for the next fetch; zero or less: it is due.
    [[nodiscard]] std::chrono::milliseconds waitFrom(SteadyTime now) const;

private:
    std::optional<SteadyTime> m_begun; ///< The last fetch; absent: there was none.
    bool m_hasKeys = false;
    bool m_isWished = false;
};

} // namespace delta::auth
