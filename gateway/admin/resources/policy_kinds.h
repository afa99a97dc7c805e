#pragma once

#include "gateway/admin/resources/document_api.h"
#include "gateway/admin/resources/entity_kind.h"
#include "shared/models/guardrail.h"
#include "shared/models/route_group.h"
#include "shared/models/routing_policy.h"

namespace delta::admin {

/// What admins keep of how calls are guarded and routed, with all that it ever was.
[[nodiscard]] const EntityKind<Guardrail> &guardrailKind();
[[nodiscard]] const EntityKind<RouteGroup> &routeGroupKind();
[[nodiscard]] DocumentKind<RoutingPolicy> routingKind();

} // namespace delta::admin
