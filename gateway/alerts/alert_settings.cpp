#include "gateway/alerts/alert_settings.h"

#include <tuple>

namespace delta::alerts {

namespace {

/// Returns all that can be set, in a form that can be compared.
auto valuesOf(const AlertSettings &settings)
{
    const net::MailServer &server = settings.email.server;
    return std::tuple{settings.thresholds,
                      settings.webhook.url.reveal(),
                      settings.webhook.secret.reveal(),
                      settings.slack.url.reveal(),
                      server.host,
                      server.port,
                      server.security,
                      server.user,
                      server.password.reveal(),
                      settings.email.from,
                      settings.email.to,
                      settings.caFile,
                      settings.giveUpAfter,
                      settings.keepFor};
}

} // namespace

bool AlertSettings::hasChannels() const
{
    return !webhook.url.isEmpty() || !slack.url.isEmpty() || !email.server.host.isEmpty();
}

bool AlertSettings::operator==(const AlertSettings &other) const
{
    return valuesOf(*this) == valuesOf(other);
}

} // namespace delta::alerts
