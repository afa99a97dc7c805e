#pragma once

#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// LiteLLM's routes for customers, which are end users here. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> customerRoutes(const Steps &steps);

} // namespace delta::admin::litellm
