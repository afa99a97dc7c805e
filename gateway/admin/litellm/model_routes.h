#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// The routes /model/*, and what lists models. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> modelRoutes(const Steps &steps);

} // namespace delta::admin::litellm
