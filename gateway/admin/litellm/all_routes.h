#pragma once

#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// All that LiteLLM's management API has here. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> allRoutes(const Steps &steps);

} // namespace delta::admin::litellm
