#pragma once

#include "gateway/config/config.h"
#include "gateway/config/value.h"
#include "gateway/ports/upstream_client.h"

#include <chrono>
#include <optional>
#include <vector>

namespace delta::config {

/// An entry of `model_group_alias`, to be held against the models once they are known.
struct Alias {
    QString name;
    QString model;
    Value value;
};

/// An entry of `model_list` that is right and cannot be called yet.
struct LeftOut {
    QString modelName;
    Value value; ///< What keeps it from being called.
    QString reason;
};

/// An entry of `provider_budget_config`, to be held against the deployments once they are known.
struct BudgetedProvider {
    QString provider;
    Value value;
};

/// A configuration while it is read: with the defaults for the entries of `model_list`, which come
/// last.
struct ConfigDraft {
    Config config;
    ports::UpstreamTimeouts timeouts;
    std::optional<std::chrono::milliseconds> timeout;       ///< Of calls, where the model has none.
    std::optional<std::chrono::milliseconds> streamTimeout; ///< Of streams, likewise.
    bool allowsUnpriced = false;
    std::vector<Alias> aliases;
    std::vector<BudgetedProvider> budgetedProviders;
    std::vector<LeftOut> leftOut;
};

} // namespace delta::config
