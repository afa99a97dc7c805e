#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/litellm/resource.h"

#include <vector>

namespace delta::admin::litellm {

/// How LiteLLM calls the fields of a team.
[[nodiscard]] const Kind &teamKind();

/// The routes /team/*. The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> teamRoutes(const Steps &steps);

} // namespace delta::admin::litellm
