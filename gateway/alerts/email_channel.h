#pragma once

#include "gateway/alerts/channel.h"

#include <utility>

namespace delta::alerts {

/// Returns a whole message. Message-ID is the alert's id, so that a repetition is seen as one.
[[nodiscard]] QByteArray emailMessage(const EmailSettings &settings, const OutgoingAlert &outgoing);

/// Sends alerts by mail: one message for all who get them.
class EmailChannel final : public Channel
{
public:
    explicit EmailChannel(EmailSettings settings)
        : m_settings(std::move(settings))
    {
    }

    [[nodiscard]] QString name() const override
    {
        return QStringLiteral("email");
    }
    [[nodiscard]] net::SideCaller::Outcome send(const OutgoingAlert &outgoing,
                                                const net::SideCaller &caller) override;

private:
    const EmailSettings m_settings;
};

} // namespace delta::alerts
