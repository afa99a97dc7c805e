#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/governance.h"
#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/managed_key.h"

namespace delta::admin {

/// Checks a new key that somebody makes for themselves against what their team allows; whoever may make keys for
/// everybody there may make any. Errors: PermissionDenied or InvalidRequest naming the field; StoreUnavailable.
[[nodiscard]] Result<void> checkSelfService(store::ControlTables &tables, const AdminCall &call,
                                            const ManagedKey &key, const Governance &governance,
                                            WallTime now);

} // namespace delta::admin
