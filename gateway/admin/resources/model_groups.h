#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"

#include <vector>

namespace delta::admin {

/// Returns the route that lists the public models. `room` outlives it.
[[nodiscard]] std::vector<AdminRoute> modelGroupRoutes(const ControlRoom &room);

} // namespace delta::admin
