#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"

#include <vector>

namespace delta::admin {

/// Returns the routes that read the audit log: a list, the newest first, which comes as a file too, and a single event.
/// `room` outlives them.
[[nodiscard]] std::vector<AdminRoute> auditRoutes(const ControlRoom &room);

} // namespace delta::admin
