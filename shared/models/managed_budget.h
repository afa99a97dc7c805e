#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/budget.h"
#include "shared/models/budget_terms.h"
#include "shared/models/entity_stamp.h"

#include <QString>

#include <optional>
#include <tuple>

namespace delta {

/// A budget as admins keep it: whose calls it counts, on which terms, and when it was made and changed.
struct ManagedBudget {
    QString id;
    BudgetScope scope = BudgetScope::Key;
    QString scopeId;  ///< As of Budget.
    QString memberId; ///< Likewise.
    BudgetTerms terms;
    std::optional<WallTime> lastReset; ///< As of Budget; only a reset sets it.
    EntityStamp stamp;

    bool operator==(const ManagedBudget &) const = default;

    /// Returns what is counted by.
    [[nodiscard]] Budget toBudget() const;
    /// As Budget::validate().
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("budget_id"_L1, &ManagedBudget::id),
            field("scope"_L1, &ManagedBudget::scope),
            field<Text>("scope_id"_L1, &ManagedBudget::scopeId),
            field<Text>("member_id"_L1, &ManagedBudget::memberId),
            inlined(&ManagedBudget::terms),
            field("last_reset_at"_L1, &ManagedBudget::lastReset, Access::ReadOnly),
            inlined(&ManagedBudget::stamp),
        };
    }
};

} // namespace delta
