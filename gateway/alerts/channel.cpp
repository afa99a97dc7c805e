#include "gateway/alerts/channel.h"

#include "gateway/alerts/email_channel.h"
#include "gateway/alerts/slack_channel.h"
#include "gateway/alerts/webhook_channel.h"

namespace delta::alerts {

Channels makeChannels(const AlertSettings &settings)
{
    Channels channels;
    if (!settings.webhook.url.isEmpty()) {
        channels.push_back(std::make_unique<WebhookChannel>(settings.webhook));
    }
    if (!settings.slack.url.isEmpty()) {
        channels.push_back(std::make_unique<SlackChannel>(settings.slack));
    }
    if (!settings.email.server.host.isEmpty()) {
        channels.push_back(std::make_unique<EmailChannel>(settings.email));
    }
    return channels;
}

} // namespace delta::alerts
