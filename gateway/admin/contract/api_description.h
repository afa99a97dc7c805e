#pragma once

#include "gateway/admin/contract/admin_call.h"

#include <vector>

namespace delta::admin {

/// Returns the routes that describe the API: the OpenAPI document, and the page that shows it. Both are the same for
/// everybody, so they need no credential.
[[nodiscard]] std::vector<AdminRoute> descriptionRoutes();

} // namespace delta::admin
