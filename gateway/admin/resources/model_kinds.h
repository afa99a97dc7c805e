#pragma once

#include "gateway/admin/resources/entity_kind.h"
#include "gateway/ports/sealer.h"
#include "gateway/routing/endpoint_maker.h"
#include "shared/core/clock.h"
#include "shared/models/credential.h"
#include "shared/models/stored_deployment.h"

namespace delta::admin {

/// What it takes to judge credentials and deployments. Borrowed; outlives the kinds.
struct ModelRoom {
    const routing::EndpointMaker &maker;
    ports::Sealer &sealer;
    const Clock &clock;
};

[[nodiscard]] EntityKind<Credential> credentialKind(const ModelRoom &room);
[[nodiscard]] EntityKind<StoredDeployment> deploymentKind(const ModelRoom &room);

} // namespace delta::admin
