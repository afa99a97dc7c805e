#pragma once

#include "gateway/admin/contract/admin_call.h"

#include <QString>

#include <vector>

namespace delta::admin {

/// Returns the route by which a console begins: who the caller is, what they may do, and what gateway this is. It
/// answers nobody too, so that a console knows to ask for a login. `version` is the gateway's;
/// `ssoProvider` what the identity provider is called, empty if there is none.
[[nodiscard]] std::vector<AdminRoute> bootstrapRoutes(const QString &version,
                                                      const QString &ssoProvider);

} // namespace delta::admin
