#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"

#include <vector>

namespace delta::admin {

/// Returns the routes of the log of calls: a list, which comes as a file too, and a single call. `room` outlives them.
[[nodiscard]] std::vector<AdminRoute> callRoutes(const ControlRoom &room);

} // namespace delta::admin
