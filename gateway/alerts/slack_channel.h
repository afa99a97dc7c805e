#pragma once

#include "gateway/alerts/channel.h"

#include <utility>

namespace delta::alerts {

/// Returns the body for an incoming webhook of Slack, or of what takes the same: Mattermost, Rocket.Chat,
/// Discord's /slack. A text for notifications, and an attachment with the figures. Nothing in an id can
/// make a link or call people: "&", "<" and ">" are escaped.
/// Source: Slack, "Sending messages using incoming webhooks", read 2026-11.
[[nodiscard]] QByteArray slackBody(const BudgetAlert &alert);

/// Posts alerts into a chat.
class SlackChannel final : public Channel
{
public:
    explicit SlackChannel(SlackSettings settings)
        : m_settings(std::move(settings))
    {
    }

    [[nodiscard]] QString name() const override
    {
        return QStringLiteral("slack");
    }
    [[nodiscard]] net::SideCaller::Outcome send(const OutgoingAlert &outgoing,
                                                const net::SideCaller &caller) override;

private:
    const SlackSettings m_settings;
};

} // namespace delta::alerts
