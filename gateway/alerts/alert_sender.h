#pragma once

#include "gateway/alerts/alert_delivery.h"
#include "gateway/net/side_caller.h"

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace delta::alerts {

/// The thread that sends alerts. It looks each second for what is due, so that alerts of other gateways
/// are sent too when those are gone.
class AlertSender
{
public:
    /// Starts the thread. `delivery` must outlive it, and is used by it alone from now on.
    AlertSender(AlertDelivery &delivery, net::SideCallSettings settings);
    /// Ends a call under way; what it was to say is said after the next start.
    ~AlertSender();
    AlertSender(const AlertSender &) = delete;
    AlertSender &operator=(const AlertSender &) = delete;

    /// Says that there is something to send. Safe from any thread.
    void wake();

private:
    void run(const std::stop_token &stop);

    AlertDelivery &m_delivery;
    const net::SideCallSettings m_settings;
    std::mutex m_mutex; ///< Guards m_isAwake.
    std::condition_variable_any m_changed;
    bool m_isAwake = false;
    std::jthread m_thread; ///< Last, so that it sees the others made.
};

} // namespace delta::alerts
