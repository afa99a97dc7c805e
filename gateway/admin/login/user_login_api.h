#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/identity/account_service.h"

#include <vector>

namespace delta::admin {

/// Returns the routes with which those who manage users let them in and out: /ui/api/users/{user_id}/… `accounts`
/// must outlive them.
[[nodiscard]] std::vector<AdminRoute> userLoginRoutes(identity::AccountService &accounts);

} // namespace delta::admin
