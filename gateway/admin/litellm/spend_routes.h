#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// The reports /global/spend/*, /spend/keys, /spend/users and /spend/tags: those of the admin API, as LiteLLM has them.
/// The steps are borrowed, and outlive the routes.
[[nodiscard]] std::vector<AdminRoute> spendRoutes(const Steps &steps);

} // namespace delta::admin::litellm
