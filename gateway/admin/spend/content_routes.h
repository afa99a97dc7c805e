#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/ports/sealer.h"

#include <vector>

namespace delta::admin {

/// Returns the route that shows what a call asked and was answered, which is noted in the audit log. `room` and `sealer`
/// outlive it.
[[nodiscard]] std::vector<AdminRoute> contentRoutes(const ControlRoom &room, ports::Sealer &sealer);

} // namespace delta::admin
