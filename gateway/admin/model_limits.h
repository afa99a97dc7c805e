#pragma once

#include "shared/core/result.h"
#include "shared/models/rate_limit.h"

#include <QJsonObject>

#include <vector>

namespace delta::admin {

/// Takes `model_rpm_limit`, `model_tpm_limit` and `model_max_parallel_requests` out of a request that makes
/// a key: maps of public models to whole numbers, as LiteLLM has the first two. Returns a limit for each
/// model, which lacks whose it is. Errors: InvalidRequest naming the map and the model.
[[nodiscard]] Result<std::vector<RateLimit>> takeModelLimits(QJsonObject &object);

/// Adds these maps to the description of a key; null where no model has such a limit.
void addModelLimits(QJsonObject &key, const std::vector<RateLimit> &limits);

} // namespace delta::admin
