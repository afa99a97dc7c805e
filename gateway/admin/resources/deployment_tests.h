#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/ports/sealer.h"
#include "gateway/routing/endpoint_maker.h"

#include <vector>

namespace delta::admin {

/// Returns the routes that try a deployment by a small call to it: one that is kept, in whatever state it is, and one
/// that is not kept yet. What the call costs is recorded like all calls.
struct DeploymentTestParts {
    const ControlRoom &room;
    const routing::EndpointMaker &maker;
    ports::Sealer &sealer;
};
[[nodiscard]] std::vector<AdminRoute> deploymentTestRoutes(const DeploymentTestParts &parts);

} // namespace delta::admin
