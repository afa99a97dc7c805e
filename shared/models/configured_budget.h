#pragma once

#include <QLatin1StringView>
#include <QString>

namespace delta {

/// What the ids of budgets begin with that a configuration file sets, and no others.
inline constexpr QLatin1StringView configuredBudgetPrefix{"config-"};

/// Says whether a configuration file sets the budget with that id, so that nothing else may change it.
[[nodiscard]] inline bool isConfiguredBudget(const QString &id)
{
    return id.startsWith(configuredBudgetPrefix);
}

} // namespace delta
