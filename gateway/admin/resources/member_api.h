#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "shared/core/result.h"

#include <vector>

namespace delta::admin {

/// Returns the routes by which users become, stay and cease to be members of teams and organisations.
/// `room` is borrowed, and outlives the routes.
[[nodiscard]] std::vector<AdminRoute> memberRoutes(const ControlRoom &room);

} // namespace delta::admin
