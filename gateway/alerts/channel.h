#pragma once

#include "gateway/alerts/alert_settings.h"
#include "gateway/alerts/budget_alert.h"
#include "gateway/net/side_caller.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>

#include <memory>
#include <vector>

namespace delta::alerts {

/// An alert on its way.
struct OutgoingAlert {
    BudgetAlert alert;
    QByteArray event; ///< Its JSON, to the byte the same in every attempt.
    WallTime now{};   ///< When this attempt begins.
};

/// A way to tell people. Used on one thread at a time.
class Channel
{
public:
    virtual ~Channel() = default;
    /// Returns by what name the outbox knows it.
    [[nodiscard]] virtual QString name() const = 0;
    /// Sends an alert; blocks until it has arrived or not.
    [[nodiscard]] virtual net::SideCaller::Outcome send(const OutgoingAlert &outgoing,
                                                        const net::SideCaller &caller) = 0;
};

using Channels = std::vector<std::unique_ptr<Channel>>;

/// Makes every channel that the settings name.
[[nodiscard]] Channels makeChannels(const AlertSettings &settings);

} // namespace delta::alerts
