#pragma once

#include "gateway/admin/admin_api.h"
#include "gateway/admin/budget_api.h"
#include "gateway/admin/health_api.h"
#include "gateway/admin/key_api.h"
#include "gateway/admin/rate_limit_api.h"
#include "gateway/admin/spend_api.h"
#include "gateway/http/route_table.h"
#include "gateway/net/timer_wheel.h"
#include "gateway/pipeline/completion_pipeline.h"
#include "gateway/pipeline/model_listing.h"
#include "gateway/telemetry/metrics.h"

#include <functional>

namespace delta::app {

/// What tells operators how the gateway is. Borrowed; outlives the table.
struct OperationParts {
    const admin::HealthApi &health;
    const telemetry::Metrics &metrics;
};

/// What answers the other routes of one loop thread. Borrowed likewise.
struct ServiceRouteParts {
    pipeline::CompletionPipeline &pipeline;
    const pipeline::ModelListing &models;
    admin::KeyApi &keys;
    admin::BudgetApi &budgets;
    admin::RateLimitApi &rateLimits;
    admin::SpendApi &spend;
    admin::AdminApi &admin;
    ports::Background &background;
    net::TimerWheel &timers;
    std::function<bool()> isEnding; ///< Whether the gateway is told to stop.
};

/// Says whether a path belongs to the operations' routes, which answer in every state of the
/// service.
[[nodiscard]] bool isOperationPath(QByteArrayView path);

/// Builds the table of health and metrics. Throws, as the next, for a route that the table of access does not have:
/// nothing may be reachable of which nobody said who may reach it.
[[nodiscard]] http::RouteTable makeOperationRoutes(const OperationParts &parts);

/// Builds the table of all that needs a key. Paths of the data plane work with and without "/v1",
/// as clients of the original and of LiteLLM expect.
[[nodiscard]] http::RouteTable makeServiceRoutes(const ServiceRouteParts &parts);

} // namespace delta::app
