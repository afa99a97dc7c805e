#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"

namespace delta::admin {

/// The route that tells of calls as they are stored, in server-sent events. `room` is borrowed, and outlives it.
[[nodiscard]] AdminRoute callTailRoute(const ControlRoom &room);

} // namespace delta::admin
