#pragma once

#include "gateway/admin/access/permission.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/store/call_log.h"
#include "shared/core/result.h"

#include <vector>

namespace delta::admin {

/// Returns the call that a request names in its path, if the caller has that permission there.
/// Errors: NotFound; StoreUnavailable.
[[nodiscard]] Result<store::LoggedCall> findCall(const ControlRoom &room, const AdminCall &call,
                                                 Permission permission);

/// Returns the routes of the log of calls: a list, which comes as a file too, and a single call. `room` outlives them.
[[nodiscard]] std::vector<AdminRoute> callRoutes(const ControlRoom &room);

} // namespace delta::admin
