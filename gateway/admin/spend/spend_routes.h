#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "shared/billing/price_book.h"

#include <vector>

namespace delta::admin {

/// Returns the routes that tell what was spent: in all, in steps of time, by anything, at other prices, and call by
/// call. Each tells of the calls that the caller may see. Both are borrowed; they outlive the routes.
[[nodiscard]] std::vector<AdminRoute> spendRoutes(const ControlRoom &room, const PriceBook &prices);

} // namespace delta::admin
