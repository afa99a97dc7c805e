#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// The routes /user/*. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> userRoutes(const Steps &steps);

} // namespace delta::admin::litellm
