#include "gateway/app/configuration.h"

#include "gateway/http/transport/tls_context.h"
#include "gateway/net/tls_context.h"
#include "gateway/providers/demo_endpoints.h"
#include "gateway/providers/providers.h"
#include "gateway/secrets/reference_source.h"
#include "shared/json/json_codec.h"

#include <QJsonObject>
#include <QProcessEnvironment>

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <tuple>
#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

/// The system's own are read where they are used: it takes a start's time.
void checkAuthorities(const QByteArray &file, const QString &key, config::Problems &problems)
{
    if (file.isEmpty()) {
        return;
    }
    try {
        const net::TlsContext context(file);
    } catch (const std::runtime_error &error) {
        problems.push_back({{}, {}, key, QString::fromUtf8(error.what())});
    }
}

bool isSame(const auth::OidcSettings &a, const auth::OidcSettings &b)
{
    const auto plain = [](const auth::OidcSettings &each) {
        return std::tie(each.isEnabled, each.provider, each.issuer, each.clientId, each.redirectUri,
                        each.scope, each.defaultTeam, each.adminEmails, each.allowedDomains,
                        each.groupsClaim, each.groupRoles, each.createsUsers, each.caFile);
    };
    return plain(a) == plain(b) && a.clientSecret.reveal() == b.clientSecret.reveal();
}

} // namespace

config::Surroundings surroundings(const PriceBook &prices, const Clock &clock)
{
    return {QProcessEnvironment::systemEnvironment(), prices,
            [&prices](ports::Endpoint &endpoint) -> Result<QString> {
                TRY_VOID(providers::prepareEndpoint(endpoint, prices));
                return providers::lacksCredential(endpoint)
                    ? u"lacks an api_key, without which the provider refuses every call"_s
                    : QString();
            },
            [&clock] {
                return std::make_unique<secrets::ReferenceSource>(
                    QProcessEnvironment::systemEnvironment(), clock);
            }};
}

routing::EndpointMaker endpointMaker(const PriceBook &prices)
{
    return {prices, [&prices](ports::Endpoint &endpoint) {
                return providers::prepareEndpoint(endpoint, prices);
            }};
}

void addBuiltInModels(config::Config &config, const PriceBook &prices)
{
    if (!config.endpoints.empty()) {
        return;
    }
    for (ports::Endpoint &endpoint :
         providers::demoEndpoints(QProcessEnvironment::systemEnvironment())) {
        // A row of the built-in list that is wrong is a bug; a test prepares each of them.
        if (providers::prepareEndpoint(endpoint, prices)) {
            endpoint.timeouts = config.timeouts;
            endpoint.streamTimeouts = config.streamTimeouts;
            config.endpoints.push_back(std::move(endpoint));
        }
    }
}

config::Problems checkCertificates(const config::Config &config)
{
    config::Problems problems;
    if (const auto &edge = config.edge; !edge.tlsCertificateFile.isEmpty()) {
        const auto loaded = http::TlsContext::load(edge.tlsCertificateFile, edge.tlsKeyFile);
        if (!loaded) {
            problems.push_back({{}, {}, u"general_settings.server"_s, loaded.error()});
        }
    }
    checkAuthorities(config.upstream.caFile, u"general_settings.upstream_http_ca_file"_s, problems);
    checkAuthorities(config.redis.caFile, u"general_settings.redis_ca_file"_s, problems);
    checkAuthorities(config.jwt.caFile, u"general_settings.jwt_ca_file"_s, problems);
    checkAuthorities(config.authHook.caFile, u"general_settings.custom_auth_ca_file"_s, problems);
    checkAuthorities(config.sso.caFile, u"general_settings.sso_ca_file"_s, problems);
    if (config.mail.caFile != config.alerts.caFile) {
        checkAuthorities(config.mail.caFile, u"general_settings.mail.ca_file"_s, problems);
    }
    return problems;
}

store::DatabaseAddress databaseAddress(const config::Config &config, const QString &usual)
{
    constexpr auto scheme = "sqlite://"_L1;
    if (config.databaseUrl.isEmpty()) {
        return usual;
    }
    return config.databaseUrl.startsWith(scheme) ? config.databaseUrl.sliced(scheme.size())
                                                 : config.databaseUrl;
}

QString listenAddress(const Options &options, const config::Config &config)
{
    if (options.listen) {
        return *options.listen;
    }
    const QString address = config.listen.value_or(u"127.0.0.1:8000"_s);
    return options.port.isEmpty() ? address
                                  : address.first(address.lastIndexOf(u':') + 1) + options.port;
}

pipeline::SnapshotPtr makeSnapshot(const config::Config &config,
                                   std::vector<ports::Endpoint> endpoints, std::uint64_t version)
{
    auto snapshot = std::make_shared<pipeline::Snapshot>();
    snapshot->catalog = routing::Catalog(std::move(endpoints), config.routing);
    snapshot->maxResponseBytes = config.maxResponseBytes;
    snapshot->maxParallelRequests = config.maxParallelRequests;
    snapshot->mayShorten = config.clampsMaxTokens;
    snapshot->content = config.content;
    snapshot->version = version;
    return snapshot;
}

namespace {

/// Returns prices by the names that a configuration has for them; those of a tier apply to calls above its size.
QJsonObject pricesOf(const Pricing &pricing)
{
    QJsonObject named;
    const auto add = [&named](const UnitPrices &prices, const QString &ending) {
        const QJsonObject json = toJson(prices);
        for (auto price = json.begin(); price != json.end(); ++price) {
            if (!price->isNull()) {
                named.insert(price.key() + ending, *price);
            }
        }
    };
    add(pricing.base, {});
    for (const PriceTier &tier : pricing.tiers) {
        constexpr qint64 unit = 1000;
        add(tier.prices, u"_above_%1k_tokens"_s.arg(tier.aboveInputTokens / unit));
    }
    return named;
}

} // namespace

ConfiguredRows configuredRows(const config::Config &config)
{
    ConfiguredRows rows{config.budgets, {}};
    for (const ports::Endpoint &endpoint : config.endpoints) {
        const Deployment &deployment = endpoint.deployment;
        StoredDeployment row;
        row.id = deployment.id;
        row.modelName = deployment.modelName;
        row.provider = deployment.provider;
        row.upstreamModel = deployment.upstreamModel;
        row.apiBase = deployment.apiBase;
        row.weight = deployment.weight;
        row.priority = deployment.priority;
        row.tags = deployment.tags;
        row.prices = pricesOf(deployment.pricing);
        if (deployment.maxOutputTokens > 0) {
            row.maxOutputTokens = deployment.maxOutputTokens;
        }
        if (endpoint.unpriced == ports::UnpricedPolicy::Allow) {
            row.allowsUnpriced = true;
        }
        row.source = DeploymentSource::File;
        rows.deployments.push_back(std::move(row));
    }
    return rows;
}

QStringList restartSettings(const config::Config &before, const config::Config &after)
{
    QStringList names;
    const auto compare = [&names](const QString &name, bool isSame) {
        if (!isSame) {
            names.append(name);
        }
    };
    compare(u"listen"_s, before.listen == after.listen);
    compare(u"master_key"_s, before.masterKey.reveal() == after.masterKey.reveal());
    compare(u"kek_file"_s, before.kekFile == after.kekFile);
    compare(u"database_url"_s, before.databaseUrl == after.databaseUrl);
    compare(u"maximum_spend_logs_retention_period"_s, before.callsKeptFor == after.callsKeptFor);
    compare(u"forget_gateways_after"_s, before.forgetGatewaysAfter == after.forgetGatewaysAfter);
    compare(u"worker_threads"_s, before.workerThreads == after.workerThreads);
    compare(u"drain_timeout"_s, before.drainTimeout == after.drainTimeout);
    compare(u"server"_s, before.edge == after.edge);
    compare(u"upstream"_s, before.upstream == after.upstream);
    compare(u"redis"_s,
            before.redis == after.redis && before.redisDegradedMode == after.redisDegradedMode);
    compare(u"ledger"_s, before.ledger == after.ledger);
    telemetry::LogSettings log = after.log;
    log.level = before.log.level; // It takes effect at once.
    compare(u"logging"_s, before.log == log);
    compare(u"alerts"_s, before.alerts == after.alerts);
    compare(u"mail"_s, net::isSame(before.mail, after.mail));
    compare(u"public_url"_s, before.publicUrl == after.publicUrl);
    compare(u"jwt"_s, before.jwt == after.jwt);
    compare(u"custom_auth"_s, auth::isSame(before.authHook, after.authHook));
    compare(u"sso"_s, isSame(before.sso, after.sso));
    compare(u"scim_tokens"_s,
            std::ranges::equal(before.scimTokens, after.scimTokens, {}, &Secret::reveal,
                               &Secret::reveal));
    return names;
}

} // namespace delta::app
