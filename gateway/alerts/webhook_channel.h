#pragma once

#include "gateway/alerts/channel.h"

#include <utility>

namespace delta::alerts {

/// Posts the event as JSON, signed (signature.h). X-DeltaLLM-Alert-Id is the id of the event, by which
/// a receiver knows what it has seen before: an answer that was lost is followed by a second attempt.
class WebhookChannel final : public Channel
{
public:
    explicit WebhookChannel(WebhookSettings settings)
        : m_settings(std::move(settings))
    {
    }

    [[nodiscard]] QString name() const override
    {
        return QStringLiteral("webhook");
    }
    [[nodiscard]] net::SideCaller::Outcome send(const OutgoingAlert &outgoing,
                                                const net::SideCaller &caller) override;

private:
    const WebhookSettings m_settings;
};

} // namespace delta::alerts
