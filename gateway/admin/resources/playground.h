#pragma once

#include "gateway/admin/contract/admin_call.h"

#include <vector>

namespace delta::admin {

/// Returns the routes by which somebody tries a model from a console: a call like any other, with the models, budgets
/// and limits of their team and of themselves, and without a key.
[[nodiscard]] std::vector<AdminRoute> playgroundRoutes();

} // namespace delta::admin
