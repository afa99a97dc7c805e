#pragma once

#include "gateway/limits/shared_rates.h"
#include "gateway/net/redis_client.h"
#include "gateway/net/timer_wheel.h"

namespace delta::app {

/// What one loop thread needs to share rate limits with other gateways: its connection, and the beat of its
/// leases.
class SharedLimits
{
public:
    SharedLimits(const net::RedisClient::Parts &parts, const net::RedisSettings &settings,
                 ports::DegradedMode mode)
        : m_client(parts, settings)
        , m_rates({m_client, parts.status, parts.random, mode})
        , m_renewal(parts.connection.loop.timers(), [this] { renew(); })
    {
        m_renewal.start(limits::SharedRates::renewInterval);
    }

    [[nodiscard]] limits::SharedRates &rates()
    {
        return m_rates;
    }
    /// Ends the connection; calls that wait for it are told, and go on.
    void stop()
    {
        m_client.stop();
    }

private:
    void renew()
    {
        m_rates.renew();
        m_renewal.start(limits::SharedRates::renewInterval);
    }

    net::RedisClient m_client;
    limits::SharedRates m_rates;
    net::Timer m_renewal;
};

} // namespace delta::app
