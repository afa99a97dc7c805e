#pragma once

#include "gateway/admin/contract/admin_call.h"

#include <vector>

namespace delta::admin::scim {

/// Returns the routes by which the gateway says what of SCIM it does: ServiceProviderConfig, ResourceTypes, Schemas.
/// Source: RFC 7644 §4, RFC 7643 §5 to §7.
[[nodiscard]] std::vector<AdminRoute> scimDescriptionRoutes();

} // namespace delta::admin::scim
