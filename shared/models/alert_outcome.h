#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QJsonObject>
#include <QString>

#include <optional>
#include <tuple>

namespace delta {

/// What became of one alert in one channel.
struct AlertOutcome {
    QString id;
    QString alertId; ///< The same in all channels.
    QString channel;
    QString state;        ///< "queued", "delivered" or "given_up".
    QJsonObject event;    ///< What is told.
    WallTime createdAt{}; ///< When it was queued.
    WallTime dueAt{};     ///< When the next attempt is due, if it is queued.
    int attempts = 0;
    QString error;                   ///< Why the last attempt failed; empty: none did.
    std::optional<WallTime> endedAt; ///< Absent: it is queued.

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("delivery_id"_L1, &AlertOutcome::id),
            field("alert_id"_L1, &AlertOutcome::alertId),
            field("channel"_L1, &AlertOutcome::channel),
            field("state"_L1, &AlertOutcome::state),
            field("event"_L1, &AlertOutcome::event),
            field("created_at"_L1, &AlertOutcome::createdAt),
            field("due_at"_L1, &AlertOutcome::dueAt),
            field("attempts"_L1, &AlertOutcome::attempts),
            field<NullWhenEmpty<QString>>("error"_L1, &AlertOutcome::error),
            field("ended_at"_L1, &AlertOutcome::endedAt),
        };
    }
};

} // namespace delta
