#pragma once

#include "gateway/config/key_tables.h"

#include <array>

namespace delta::config {

/// Readers of budgets. Each puts what it reads into Config::budgets, under an id that begins with
/// configuredBudgetPrefix and is the same whenever the file names the same scope.
void readGatewayLimit(const Value &value, const Limits &limits, ConfigDraft &draft);
void readGatewayPeriod(const Value &value, const Limits &limits, ConfigDraft &draft);
void readProviderBudgets(const Value &value, const Limits &limits, ConfigDraft &draft);
void readTagBudgets(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Notes each budget of a provider that no deployment has.
void checkBudgets(const ConfigDraft &draft);

/// Keys of deltallm_settings.
inline constexpr std::array budgetKeys{
    Key<ConfigDraft>{.name = QLatin1StringView("max_budget"),
                     .meaning = QLatin1StringView("What all calls together may cost, in USD."),
                     .type = QLatin1StringView("amount"),
                     .read = readGatewayLimit},
    Key<ConfigDraft>{.name = QLatin1StringView("budget_duration"),
                     .meaning = QLatin1StringView("When max_budget begins anew; absent: never."),
                     .type = QLatin1StringView("period"),
                     .read = readGatewayPeriod},
    Key<ConfigDraft>{.name = QLatin1StringView("tag_budget_config"),
                     .meaning = QLatin1StringView("What calls with a tag may cost, by tag."),
                     .type = QLatin1StringView("map of budgets"),
                     .read = readTagBudgets},
};

/// A key of router_settings.
inline constexpr std::array providerBudgetKeys{
    Key<ConfigDraft>{
        .name = QLatin1StringView("provider_budget_config"),
        .meaning = QLatin1StringView("What calls may cost at a provider, by provider."),
        .type = QLatin1StringView("map of budgets"),
        .read = readProviderBudgets},
};

} // namespace delta::config
