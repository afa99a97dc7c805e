#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/budget.h"
#include "shared/models/period.h"

#include <QString>

#include <optional>
#include <tuple>

namespace delta {

/// What may be spent by an organisation, a team, a user or a key, without saying by whom: their own budget, beside
/// which others may count their calls too.
struct BudgetTerms {
    std::optional<Money> maxBudget;  ///< Never exceeded. Absent: no limit.
    std::optional<Money> softBudget; ///< Only warns. Absent: does not warn.
    std::optional<Period> duration;  ///< Absent: counts for ever.
    BudgetReset reset = BudgetReset::Calendar;
    QString timeZone = QStringLiteral("UTC"); ///< IANA name; where midnight is.
    Money increase;                           ///< Added to `maxBudget` until `increaseUntil`.
    std::optional<WallTime> increaseUntil;    ///< Absent: there is no increase.

    bool operator==(const BudgetTerms &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("max_budget"_L1, &BudgetTerms::maxBudget),
            field("soft_budget"_L1, &BudgetTerms::softBudget),
            field("budget_duration"_L1, &BudgetTerms::duration),
            field("budget_reset"_L1, &BudgetTerms::reset),
            field("timezone"_L1, &BudgetTerms::timeZone),
            field("temp_budget_increase"_L1, &BudgetTerms::increase),
            field("temp_budget_expiry"_L1, &BudgetTerms::increaseUntil),
        };
    }

    /// Returns the terms of a budget.
    [[nodiscard]] static BudgetTerms of(const Budget &budget);
    /// Returns the budget of that id and scope with these terms.
    [[nodiscard]] Budget toBudget(const QString &id, BudgetScope scope,
                                  const QString &scopeId) const;
};

} // namespace delta
