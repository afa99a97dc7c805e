#pragma once

#include "gateway/alerts/alert_settings.h"
#include "gateway/auth/hook/hook_settings.h"
#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/content/content_settings.h"
#include "gateway/http/edge_settings.h"
#include "gateway/ledger/ledger_settings.h"
#include "gateway/net/mailer_settings.h"
#include "gateway/net/redis_settings.h"
#include "gateway/net/upstream_settings.h"
#include "gateway/ports/endpoint.h"
#include "gateway/ports/shared_store.h"
#include "gateway/routing/routing_settings.h"
#include "gateway/telemetry/log_settings.h"
#include "shared/core/secret.h"
#include "shared/models/budget.h"

#include <QString>

#include <chrono>
#include <optional>
#include <vector>

namespace delta::config {

/// Everything that a configuration file can say, with the defaults in place.
/// Built whole or not at all.
struct Config {
    QString instanceName = QStringLiteral("DeltaLLM");
    std::optional<QString> listen; ///< "address:port"; absent: command line or default decide.
    Secret masterKey;              ///< Empty: the state folder's own.
    QString
        publicUrl; ///< Where people reach the gateway, without a slash at its end; empty: not known.
    QString kekFile;       ///< Keys that seal secrets; empty: a credential or the state folder's.
    QString databaseUrl;   ///< "sqlite:///path"; empty: the state folder's own file.
    int workerThreads = 0; ///< Loop threads; zero: one per core.
    std::chrono::milliseconds drainTimeout{30'000}; ///< How long streams may finish after SIGTERM.
    qsizetype maxResponseBytes = 64LL << 20; ///< Of a provider's unstreamed answer; beyond: 502.
    std::optional<int> maxParallelRequests;  ///< Calls under way at once; absent: no limit.
    /// For how long calls are kept, beside their sums; absent: for ever.
    std::optional<std::chrono::milliseconds> callsKeptFor;
    content::ContentSettings content; ///< Whether what calls ask and are answered is kept.
    /// After which time without a sign other gateways of the database are forgotten; absent: never.
    std::optional<std::chrono::milliseconds> forgetGatewaysAfter;
    /// Of the whole gateway, of providers and of tags; each id begins with configuredBudgetPrefix.
    std::vector<Budget> budgets;
    bool clampsMaxTokens = true; ///< Whether a budget may make answers shorter than asked for.
    std::vector<ports::Endpoint> endpoints; ///< `model_list`, in file order.
    /// Of calls to models that the file does not name: unstreamed ones, and streams.
    ports::UpstreamTimeouts timeouts;
    ports::UpstreamTimeouts streamTimeouts;
    routing::RoutingSettings routing;
    http::EdgeSettings edge;
    net::UpstreamSettings upstream;
    net::RedisSettings redis; ///< Without a host or path: limits are of each gateway alone.
    ports::DegradedMode redisDegradedMode = ports::DegradedMode::FailOpen;
    ledger::LedgerSettings ledger;
    telemetry::LogSettings log;
    alerts::AlertSettings alerts;
    net::MailerSettings mail; ///< Of letters to people; without a host none are sent.
    auth::JwtSettings jwt;
    auth::HookSettings authHook; ///< "Custom auth".
    auth::OidcSettings sso;
    std::vector<Secret> scimTokens; ///< Of a directory that provisions users; empty: none does.
};

} // namespace delta::config
