#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/budget.h"

#include <QByteArray>
#include <QByteArrayView>
#include <QString>

#include <optional>
#include <tuple>

namespace delta::alerts {

/// The threshold of a soft budget; the others are percentages in digits.
inline constexpr QLatin1StringView softThreshold("soft");
/// The events that receivers can get.
inline constexpr QLatin1StringView budgetEvent("budget_alert");
inline constexpr QLatin1StringView testEvent("test_alert");

/// What people are told: that a budget has reached a threshold. Its JSON is what a webhook gets and
/// what the outbox keeps; the fields of the budget are those of /budget/info.
struct BudgetAlert {
    QString event = QString(budgetEvent);
    QString id; ///< The same in every attempt and in every channel.
    WallTime createdAt{};
    QString instance;  ///< Name of the installation.
    QString threshold; ///< "50", "80", "100", …, or softThreshold.
    Budget budget;
    Money spent;
    std::optional<Money> limit; ///< `max_budget` with what is added for a time; absent: none.
    std::optional<WallTime> windowBegin;
    std::optional<WallTime> renewsAt; ///< When the window begins anew; absent: it does not.

    /// Returns what has happened in some words: the subject of a mail.
    [[nodiscard]] QString headline() const;
    /// Returns what has happened in a sentence or two.
    [[nodiscard]] QString message() const;
    [[nodiscard]] bool isTest() const
    {
        return event == testEvent;
    }

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("event"_L1, &BudgetAlert::event),
            field("id"_L1, &BudgetAlert::id),
            field("created_at"_L1, &BudgetAlert::createdAt),
            field("instance"_L1, &BudgetAlert::instance),
            field<NullWhenEmpty<QString>>("threshold"_L1, &BudgetAlert::threshold),
            computed("message"_L1, [](const BudgetAlert &alert) { return alert.message(); }),
            inlined(&BudgetAlert::budget),
            field("spend"_L1, &BudgetAlert::spent),
            field("limit"_L1, &BudgetAlert::limit),
            field("window_start"_L1, &BudgetAlert::windowBegin),
            field("budget_reset_at"_L1, &BudgetAlert::renewsAt),
        };
    }

    /// Makes one that is about no budget.
    [[nodiscard]] static BudgetAlert test(const QString &instance, WallTime now, Random &random);
    /// Returns its JSON, on one line.
    [[nodiscard]] QByteArray toEvent() const;
    /// Reads what toEvent() wrote. Errors: InvalidRequest if it is none.
    [[nodiscard]] static Result<BudgetAlert> fromEvent(const QByteArray &event);
};

/// Returns a time for people: "2026-12-01 00:00:00 UTC".
[[nodiscard]] QString timeText(WallTime time);

} // namespace delta::alerts
