#pragma once

#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/stored_deployment.h"

#include <vector>

namespace delta::admin {

/// Has the database show the deployments of the configuration file as they are now. Those that did not change are not
/// touched; one with the id of another that an admin made is not shown. With different files on several gateways the
/// one that was read last is shown. Errors: StoreUnavailable; then nothing has changed.
[[nodiscard]] Result<void> showConfigured(store::Store &store,
                                          const std::vector<StoredDeployment> &deployments,
                                          WallTime now);

} // namespace delta::admin
