#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/litellm/steps.h"

#include <vector>

namespace delta::admin::litellm {

/// The route /spend/calculate: what a call costs, by an answer that was given, or by the messages that would be sent.
/// The steps are borrowed, and outlive it.
[[nodiscard]] std::vector<AdminRoute> costRoutes(const Steps &steps);

} // namespace delta::admin::litellm
