#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"
#include "shared/models/user.h"

namespace delta::admin {

/// Refuses to let the last admin of the platform who can log in be stopped, or lose that role: nobody could undo it.
/// The holder of the master key may, for they can. Within Store::change(). Errors: Conflict; StoreUnavailable.
[[nodiscard]] Result<void> keepLastAdmin(store::ControlTables &tables, const AdminCall &call,
                                         const User &user);

} // namespace delta::admin
