#pragma once

#include "gateway/auth/jwt/jwt_algorithm.h"
#include "gateway/config/config.h"
#include "gateway/config/scalar_text.h"
#include "shared/core/quoted.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"

#include <QString>
#include <QStringList>
#include <QUrl>

#include <algorithm>

namespace delta::config {

using namespace Qt::StringLiterals;

/// Collects "name = value" lines.
class SummaryLines
{
public:
    void add(const char *name, const QString &value)
    {
        m_lines += QString::fromLatin1(name) + u" = "_s + value;
    }
    void add(const char *name, const QByteArray &value)
    {
        add(name, QString::fromUtf8(value));
    }
    void add(const char *name, qint64 value)
    {
        add(name, QString::number(value));
    }
    void add(const char *name, std::chrono::milliseconds value)
    {
        add(name, formatDuration(value));
    }
    /// Tells only how long a secret is.
    void add(const char *name, const Secret &value)
    {
        add(name, u"%1 secret bytes"_s.arg(value.reveal().size()));
    }
    [[nodiscard]] const QStringList &lines() const
    {
        return m_lines;
    }

private:
    QStringList m_lines;
};

inline void addGeneral(SummaryLines &lines, const Config &config)
{
    lines.add("instance name", config.instanceName);
    lines.add("listen", config.listen.value_or(u"(default)"_s));
    lines.add("master key", config.masterKey);
    lines.add("kek file", config.kekFile);
    lines.add("database", QUrl(config.databaseUrl).toDisplayString(QUrl::RemovePassword));
    lines.add("worker threads", config.workerThreads);
    lines.add("drain timeout", config.drainTimeout);
    lines.add("calls kept for",
              config.callsKeptFor ? formatDuration(*config.callsKeptFor) : QStringLiteral("ever"));
    lines.add("forget gateways after",
              config.forgetGatewaysAfter ? formatDuration(*config.forgetGatewaysAfter)
                                         : QStringLiteral("never"));
    lines.add("max parallel requests", config.maxParallelRequests.value_or(-1));
    lines.add("max response bytes", formatBytes(config.maxResponseBytes));
    lines.add("log sink", static_cast<int>(config.log.sink));
    lines.add("log level", static_cast<int>(config.log.level));
    lines.add("log calls", config.log.logsCalls);
}

inline void addEdge(SummaryLines &lines, const http::EdgeSettings &edge)
{
    lines.add("max head bytes", formatBytes(edge.maxHeadBytes));
    lines.add("max header fields", edge.maxHeaderFields);
    lines.add("max url bytes", formatBytes(edge.maxUrlBytes));
    lines.add("max body bytes", formatBytes(edge.maxBodyBytes));
    lines.add("max buffered body bytes", formatBytes(edge.maxBufferedBodyBytes));
    lines.add("head timeout", edge.headTimeout);
    lines.add("body timeout", edge.bodyTimeout);
    lines.add("min body rate", formatBytes(edge.minBodyBytesPerSecond));
    lines.add("idle timeout", edge.idleTimeout);
    lines.add("write timeout", edge.writeTimeout);
    lines.add("max connections", edge.maxConnections);
    lines.add("max connections per address", edge.maxConnectionsPerAddress);
    lines.add("max requests per connection", edge.maxRequestsPerConnection);
    lines.add("high watermark", formatBytes(edge.highWatermark));
    lines.add("tls certificate", edge.tlsCertificateFile);
    lines.add("tls key", edge.tlsKeyFile);
    lines.add("cors", edge.corsAllowOrigin);
}

inline void addBackground(SummaryLines &lines, const Config &config)
{
    lines.add("pool connections", config.upstream.maxConnectionsPerOrigin);
    lines.add("pool idle", config.upstream.maxIdlePerOrigin);
    lines.add("pool expiry", config.upstream.idleExpiry);
    lines.add("pool timeout", config.upstream.poolTimeout);
    lines.add("upstream head bytes", formatBytes(config.upstream.maxHeadBytes));
    lines.add("upstream ca file", config.upstream.caFile);
    lines.add("upstream proxy", config.upstream.proxy);
    lines.add("redis", config.redis.place());
    lines.add("redis transport", static_cast<int>(config.redis.transport));
    lines.add("redis user", config.redis.user);
    lines.add("redis password", config.redis.password);
    lines.add("redis database", config.redis.database);
    lines.add("redis ca file", config.redis.caFile);
    lines.add("redis degraded mode", static_cast<int>(config.redisDegradedMode));
    lines.add("ledger directory", config.ledger.directory);
    lines.add("ledger durability", static_cast<int>(config.ledger.durability));
    lines.add("ledger sync interval", config.ledger.syncInterval);
    lines.add("ledger apply interval", config.ledger.applyInterval);
    lines.add("ledger segment", formatBytes(config.ledger.segmentBytes));
    lines.add("ledger backlog", formatBytes(config.ledger.maxBacklogBytes));
}

inline void addAlerts(SummaryLines &lines, const alerts::AlertSettings &alerts)
{
    QStringList thresholds;
    for (const int threshold : alerts.thresholds) {
        thresholds += QString::number(threshold);
    }
    QStringList to;
    for (const net::Mailbox &mailbox : alerts.email.to) {
        to += QString::fromLatin1(mailbox.toHeader());
    }
    lines.add("alert thresholds", thresholds.join(u' '));
    lines.add("alert webhook", alerts.webhook.url);
    lines.add("alert webhook secret", alerts.webhook.secret);
    lines.add("alert slack", alerts.slack.url);
    lines.add("alert mail host", alerts.email.server.host);
    lines.add("alert mail port", alerts.email.server.port);
    lines.add("alert mail security", static_cast<int>(alerts.email.server.security));
    lines.add("alert mail user", alerts.email.server.user);
    lines.add("alert mail password", alerts.email.server.password);
    lines.add("alert mail from", alerts.email.from.toHeader());
    lines.add("alert mail to", to.join(u", "_s));
    lines.add("alert ca file", alerts.caFile);
    lines.add("alert give up after", alerts.giveUpAfter);
    lines.add("alert keep for", alerts.keepFor);
}

/// The port and the security are in the line of the server, because there are none without one.
inline void addMail(SummaryLines &lines, const config::Config &config)
{
    const net::MailServer &server = config.mail.server;
    if (server.host.isEmpty() || config.publicUrl.isEmpty()) {
        return;
    }
    lines.add("public url", config.publicUrl);
    lines.add("mail server",
              QStringLiteral("%1:%2, security %3")
                  .arg(QString::fromLatin1(server.host))
                  .arg(server.port)
                  .arg(static_cast<int>(server.security)));
    lines.add("mail user", server.user);
    lines.add("mail password", server.password);
    lines.add("mail from", config.mail.from.toHeader());
    lines.add("mail ca file", config.mail.caFile);
}

/// Only where a file says anything about tokens.
inline void addJwt(SummaryLines &lines, const auth::JwtSettings &jwt)
{
    if (jwt == auth::JwtSettings()) {
        return;
    }
    QStringList algorithms;
    for (const auth::JwtAlgorithmFacts &facts : auth::jwtAlgorithms()) {
        if (std::ranges::contains(jwt.rules.algorithms, facts.algorithm)) {
            algorithms += facts.name;
        }
    }
    lines.add("jwt", jwt.isEnabled ? u"accepted"_s : u"off"_s);
    lines.add("jwt keys url", jwt.keysUrl);
    lines.add("jwt ca file", jwt.caFile);
    lines.add("jwt issuer", jwt.rules.issuer);
    lines.add("jwt audiences", jwt.rules.audiences.join(u", "_s));
    lines.add("jwt algorithms", algorithms.join(u", "_s));
    lines.add("jwt required scopes", jwt.requiredScopes.join(u", "_s));
    lines.add("jwt allowed roles", jwt.allowedRoles.join(u", "_s));
    lines.add("jwt user claim", jwt.claims.user);
    lines.add("jwt team claim", jwt.claims.team);
    lines.add("jwt organization claim", jwt.claims.organization);
    lines.add("jwt models claim", jwt.claims.models);
    lines.add("jwt role claim", jwt.claims.role);
    lines.add("jwt scopes claim", jwt.claims.scopes);
}

inline void addHook(SummaryLines &lines, const auth::HookSettings &hook)
{
    if (!hook.isEnabled()) {
        return;
    }
    lines.add("custom auth url", hook.url);
    lines.add("custom auth key", hook.key);
    lines.add("custom auth ca file", hook.caFile);
    lines.add("custom auth timeout", hook.timeout);
    lines.add("custom auth good for", hook.goodFor);
    lines.add("custom auth refused for", hook.refusedFor);
    lines.add("custom auth at once", hook.maxConcurrent);
}

inline QString timeoutText(const ports::UpstreamTimeouts &timeouts)
{
    return u"connect %1, first byte %2, idle %3, total %4"_s.arg(
        formatDuration(timeouts.connect), formatDuration(timeouts.firstByte),
        formatDuration(timeouts.idle), formatDuration(timeouts.total));
}

inline QString priceText(const UnitPrices &prices)
{
    QStringList texts;
    forEachField<UnitPrices>([&](const auto &field) {
        if (const auto &price = prices.*(field.member)) {
            texts += field.name + u' ' + toUsdPerUnit(*price);
        }
    });
    return texts.join(u", "_s);
}

inline void addEndpoint(SummaryLines &lines, const ports::Endpoint &endpoint)
{
    const Deployment &deployment = endpoint.deployment;
    lines.add("\nendpoint", deployment.id);
    lines.add("  model", deployment.modelName);
    lines.add("  provider", deployment.provider);
    lines.add("  upstream model", deployment.upstreamModel);
    lines.add("  api base", deployment.apiBase);
    lines.add("  weight", deployment.weight);
    lines.add("  priority", deployment.priority);
    lines.add("  tags", deployment.tags.join(u' '));
    lines.add("  api key", endpoint.apiKey);
    lines.add("  auth header", endpoint.authHeaderName + ' ' + endpoint.authHeaderFormat);
    lines.add("  organization", endpoint.organization);
    for (const auto &[name, value] : endpoint.extraHeaders) {
        lines.add("  header", name + ": " + QByteArray::number(value.size()) + " bytes");
    }
    lines.add("  timeouts", timeoutText(endpoint.timeouts));
    lines.add("  stream timeouts", timeoutText(endpoint.streamTimeouts));
    lines.add("  prices", priceText(deployment.pricing.base));
    for (const PriceTier &tier : deployment.pricing.tiers) {
        lines.add("  tier", u"above %1: "_s.arg(tier.aboveInputTokens) + priceText(tier.prices));
    }
    lines.add("  price source", deployment.pricing.source);
    lines.add("  unpriced",
              endpoint.unpriced == ports::UnpricedPolicy::Allow ? u"allow"_s : u"refuse"_s);
}

/// Writes all settings but the endpoints, one a line.
inline QStringList settingLines(const Config &config)
{
    SummaryLines lines;
    addGeneral(lines, config);
    addEdge(lines, config.edge);
    addBackground(lines, config);
    addAlerts(lines, config.alerts);
    addMail(lines, config);
    addJwt(lines, config.jwt);
    addHook(lines, config.authHook);
    QStringList aliases;
    for (const auto &[name, model] : config.routing.aliases.asKeyValueRange()) {
        aliases += name + u" -> "_s + model;
    }
    aliases.sort();
    lines.add("aliases", aliases.join(u", "_s));
    for (const Budget &budget : config.budgets) {
        const QString period = budget.duration ? budget.duration->toText() : u"ever"_s;
        lines.add("budget",
                  u"%1: %2 %3 may spend %4 in %5"_s.arg(
                      budget.id, enumName(budget.scope), quoted(budget.scopeId),
                      budget.maxBudget ? budget.maxBudget->toUsd() : u"anything"_s, period));
    }
    return lines.lines();
}

/// Writes what differs from a default configuration: settings, and all of each endpoint.
inline QString summaryOf(const Config &config)
{
    SummaryLines endpoints;
    const QStringList defaults = settingLines(Config());
    QStringList lines = settingLines(config);
    lines.removeIf([&](const QString &line) { return defaults.contains(line); });
    SummaryLines blankEndpoint;
    ports::Endpoint usual;
    usual.authHeaderName = "authorization";
    usual.authHeaderFormat = "Bearer {api_key}";
    addEndpoint(blankEndpoint, usual);
    for (const ports::Endpoint &endpoint : config.endpoints) {
        addEndpoint(endpoints, endpoint);
    }
    for (const QString &line : endpoints.lines()) {
        if (!blankEndpoint.lines().contains(line)) {
            lines += line;
        }
    }
    return lines.join(u'\n');
}

} // namespace delta::config
