#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>
#include <QStringList>
#include <QtTypes>

#include <optional>
#include <vector>

namespace delta::ports {

/// What is told once: that a budget has reached a threshold within one window.
struct AlertMark {
    QString budgetId;
    QString threshold; ///< A percentage in digits, or "soft".
    Money amount;      ///< Of which limit; another limit has thresholds of its own.
    WallTime window{}; ///< When its window began, see BudgetStanding; the epoch: it has none.
    std::optional<WallTime> expiresAt; ///< From when on it may be told again; absent: never.

    bool operator==(const AlertMark &) const = default;
};

/// An alert that is to be sent through every one of the channels.
struct NewAlert {
    QString id;       ///< Unique for ever: receivers know a repetition by it.
    QByteArray event; ///< What is sent, in JSON.
    WallTime at{};
    QStringList channels;
};

/// One alert for one channel.
struct AlertPlace {
    QString id;
    QString channel;

    bool operator==(const AlertPlace &) const = default;
};

/// An alert that somebody has undertaken to send.
struct ClaimedAlert {
    AlertPlace place;
    QByteArray event;
    WallTime createdAt{};
    int attempts = 0; ///< With the one that begins now.
};

/// How long a claim holds. Who has not reported by then is taken for dead.
struct AlertLease {
    WallTime from{};
    WallTime until{};
};

/// What became of an alert in a channel, for people.
struct AlertRecord {
    AlertPlace place;
    QString state; ///< "queued", "delivered" or "given_up".
    QByteArray event;
    WallTime createdAt{};
    WallTime dueAt{}; ///< Of the next attempt, if it is queued.
    int attempts = 0;
    QString error; ///< Why the last attempt failed; empty: none did.
};

/// From when back things are forgotten.
struct AlertAges {
    WallTime now{};
    WallTime givenUpBefore{}; ///< Queued alerts that are older are given up: nobody sends them.
    WallTime endedBefore{};   ///< Alerts that ended earlier are removed.
};

/// The part of the store that knows what was told of budgets, and what is still to be sent. Several
/// processes may use it at once. Used from one thread at a time. Errors of all: StoreUnavailable.
class AlertStore
{
public:
    virtual ~AlertStore() = default;
    /// Notes that a threshold was reached, and queues the alert about it, both or neither. Returns
    /// whether it was news; if not, nothing is queued.
    [[nodiscard]] virtual Result<bool> raise(const AlertMark &mark, const NewAlert &alert) = 0;
    /// Queues an alert that is about no threshold.
    [[nodiscard]] virtual Result<void> queue(const NewAlert &alert) = 0;
    /// Takes the alert of a channel that is due for the longest time, so that nobody else takes it
    /// until the lease ends. Returns nothing if none is due.
    [[nodiscard]] virtual Result<std::optional<ClaimedAlert>> claim(const QString &channel,
                                                                    const AlertLease &lease) = 0;
    /// Says that an alert has arrived.
    [[nodiscard]] virtual Result<void> deliver(const AlertPlace &place, WallTime at) = 0;
    /// Says that an alert has not arrived, and when to try again.
    [[nodiscard]] virtual Result<void> postpone(const AlertPlace &place, WallTime until,
                                                const QString &error) = 0;
    /// Says that an alert will not arrive.
    [[nodiscard]] virtual Result<void> giveUp(const AlertPlace &place, WallTime at,
                                              const QString &error) = 0;
    /// Forgets what is old.
    [[nodiscard]] virtual Result<void> tidy(const AlertAges &ages) = 0;
    /// Returns how many alerts wait to be sent, over all channels.
    [[nodiscard]] virtual Result<qint64> queued() = 0;
    /// Returns the newest alerts, newest first, at most `limit` of them.
    [[nodiscard]] virtual Result<std::vector<AlertRecord>> newest(int limit) = 0;
};

} // namespace delta::ports
