#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/control_room.h"
#include "gateway/admin/resources/entity_kind.h"
#include "gateway/ports/alert_desk.h"
#include "shared/models/alert_rule.h"

#include <vector>

namespace delta::admin {

/// What admins keep of who is told of which budget. `desk` is borrowed; null: this gateway has no channels.
[[nodiscard]] EntityKind<AlertRule> alertRuleKind(const ports::AlertDesk *desk);

/// The routes of what became of alerts: list, show, try again what was given up, and send a test. Both are borrowed, and
/// outlive the routes. Called on the thread that owns the store.
[[nodiscard]] std::vector<AdminRoute> alertRoutes(const ControlRoom &room, ports::AlertDesk *desk);

} // namespace delta::admin
