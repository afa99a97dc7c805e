#pragma once

#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/budget.h"
#include "shared/models/budget_terms.h"
#include "shared/models/rate_limit.h"
#include "shared/models/rate_limits.h"

#include <QHash>
#include <QString>
#include <QStringList>

#include <optional>
#include <tuple>

namespace delta::admin {

/// What an organisation, a team or a user may spend and do at most, all its keys together.
struct Governance {
    std::optional<BudgetTerms> budget; ///< Absent: it has no budget of its own.
    RateLimits limits;

    bool operator==(const Governance &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("budget"_L1, &Governance::budget),
            field("limits"_L1, &Governance::limits),
        };
    }
};

/// As what budgets and rate limits know a kind of object.
struct GovernedScope {
    BudgetScope budgets;
    RateScope limits;
    /// Where an object's limits are part of it, and no RateLimit: how they are read and written. Null: they are not.
    Result<QHash<QString, RateLimits>> (*readOwn)(store::ControlTables &tables,
                                                  const QStringList &ids) = nullptr;
    Result<void> (*writeOwn)(store::ControlTables &tables, const QString &id,
                             const RateLimits &limits) = nullptr;
};

/// Returns the id of the budget that goes with an object; it may have others besides.
[[nodiscard]] QString ownBudgetId(BudgetScope scope, const QString &id);

/// Reads what holds for each of some objects; those for which nothing does are left out. Errors: StoreUnavailable.
[[nodiscard]] Result<QHash<QString, Governance>> readGovernances(store::ControlTables &tables,
                                                                 const GovernedScope &scope,
                                                                 const QStringList &ids);

/// Writes it. Within Store::change(). Errors: InvalidRequest naming the field; Conflict; StoreUnavailable.
[[nodiscard]] Result<void> writeGovernance(store::ControlTables &tables, const GovernedScope &scope,
                                           const QString &id, const Governance &wanted,
                                           WallTime now);

/// Removes all budgets and limits of an object, also those that were made by themselves. Likewise.
[[nodiscard]] Result<void> removeGovernance(store::ControlTables &tables,
                                            const GovernedScope &scope, const QString &id);

} // namespace delta::admin
