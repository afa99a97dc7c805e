#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/budget.h"
#include "shared/models/entity_stamp.h"

#include <QString>
#include <QStringList>

#include <optional>
#include <tuple>
#include <vector>

namespace delta {

/// Who is told of which budgets, and when. A budget that enabled rules cover is told about as all of them say; one that
/// none covers, as the configuration file says. A rule without thresholds tells of nothing.
struct AlertRule {
    QString id;
    QString name;
    QString description;
    bool isEnabled = true;
    std::optional<BudgetScope> scope; ///< Only budgets of this kind of object; absent: all.
    QStringList scopeIds;             ///< Only those of these objects; empty: of all of the scope.
    std::vector<int> thresholds{50, 80, 100}; ///< Percentages of a limit, 1 to 100, each once.
    bool tellsSoftBudget = true;              ///< Whether a soft limit that is reached is told.
    QStringList channels; ///< Of alertChannels(); empty: all that the gateway has.
    EntityStamp stamp;

    bool operator==(const AlertRule &) const = default;

    /// Says whether it is about a budget.
    [[nodiscard]] bool covers(const Budget &budget) const;
    /// Checks what a client may set. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("alert_rule_id"_L1, &AlertRule::id),
            field("name"_L1, &AlertRule::name),
            field<NullWhenEmpty<QString>>("description"_L1, &AlertRule::description),
            field("enabled"_L1, &AlertRule::isEnabled),
            field("scope"_L1, &AlertRule::scope),
            field("scope_ids"_L1, &AlertRule::scopeIds),
            field("thresholds"_L1, &AlertRule::thresholds),
            field("soft_budget"_L1, &AlertRule::tellsSoftBudget),
            field("channels"_L1, &AlertRule::channels),
            inlined(&AlertRule::stamp),
        };
    }
};

/// Returns the names of the ways to tell people.
[[nodiscard]] const QStringList &alertChannels();

} // namespace delta
