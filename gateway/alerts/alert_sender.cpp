#include "gateway/alerts/alert_sender.h"

#include "gateway/alerts/log.h"

#include <chrono>
#include <utility>

namespace delta::alerts {

namespace {

constexpr std::chrono::seconds interval{1};

} // namespace

AlertSender::AlertSender(AlertDelivery &delivery, net::SideCallSettings settings)
    : m_delivery(delivery)
    , m_settings(std::move(settings))
    , m_thread([this](const std::stop_token &stop) { run(stop); })
{
}

AlertSender::~AlertSender() = default;

void AlertSender::wake()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isAwake = true;
    }
    m_changed.notify_one();
}

void AlertSender::run(const std::stop_token &stop)
{
    const net::SideCaller caller(m_settings, stop);
    bool isTroubleLogged = false;
    while (!stop.stop_requested()) {
        const Result<void> sent = m_delivery.sendDue(caller);
        if (!sent && !isTroubleLogged) {
            qCWarning(lcAlerts, "alerts cannot be sent: %ls",
                      qUtf16Printable(sent.error().message));
        }
        isTroubleLogged = !sent;
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, stop, interval, [this] { return m_isAwake; });
        m_isAwake = false;
    }
}

} // namespace delta::alerts
