#include "gateway/routing/endpoint_maker.h"

#include "gateway/net/header_rules.h"
#include "shared/billing/configured_prices.h"
#include "shared/json/value_codec.h"

#include <QUrl>

#include <vector>

using namespace Qt::StringLiterals;

namespace delta::routing {

namespace {

std::unexpected<ApiError> fault(const QString &field, const QString &what)
{
    return failure(ApiError::invalidRequest(u"'%1' %2."_s.arg(field, what), field));
}

/// "provider/name" apart at its first slash; "/models/llama" is a name alone.
struct ModelName {
    QString provider; ///< Empty: none is named.
    QString model;
};

ModelName split(const QString &text)
{
    const qsizetype slash = text.indexOf(u'/');
    return slash <= 0 ? ModelName{{}, text} : ModelName{text.first(slash), text.sliced(slash + 1)};
}

Result<void> addHeaders(const StoredDeployment &deployment, ports::Endpoint &endpoint)
{
    for (auto header = deployment.extraHeaders.begin(); header != deployment.extraHeaders.end();
         ++header) {
        const QString field = u"extra_headers."_s + header.key();
        const QByteArray name = header.key().toUtf8();
        if (const QString wrong = net::headerNameFault(name); !wrong.isEmpty()) {
            return fault(field, wrong);
        }
        if (!header->isString() || !net::isHeaderValue(header->toString().toUtf8())) {
            return fault(field, u"must be a text without control characters"_s);
        }
        endpoint.extraHeaders.emplace_back(name, header->toString().toUtf8());
    }
    return {};
}

/// A message of the provider table, whose subject is a key, as a sentence about a field.
ApiError asFieldError(ApiError error)
{
    error.kind = ErrorKind::InvalidRequest;
    error.message = u"'%1': %2"_s.arg(error.param, error.message);
    return error;
}

Result<void> checkAuthHeader(const Credential &credential)
{
    const QByteArray name = credential.authHeaderName.toUtf8();
    const QString wrong = name.isEmpty() ? QString() : net::headerNameFault(name);
    if (!wrong.isEmpty()) {
        return fault(u"auth_header_name"_s, wrong);
    }
    const QByteArray format = credential.authHeaderFormat.toUtf8();
    QByteArray rest = format;
    rest.replace("{api_key}", "");
    const bool isSound = format.count("{api_key}") == 1 && !rest.contains('{')
        && !rest.contains('}') && net::isHeaderValue(format);
    if (!format.isEmpty() && !isSound) {
        return fault(u"auth_header_format"_s,
                     u"must hold {api_key} once, and no other braces or control characters"_s);
    }
    return {};
}

} // namespace

ports::Endpoint StoredEndpoint::within(const ports::UpstreamTimeouts &unstreamed,
                                       const ports::UpstreamTimeouts &streamed) const
{
    ports::Endpoint made = endpoint;
    const auto ownStream = streamTimeout ? streamTimeout : timeout;
    made.timeouts = timeout ? unstreamed.withinWhole(*timeout) : unstreamed;
    made.streamTimeouts = ownStream ? streamed.withinSilence(*ownStream) : streamed;
    return made;
}

QString originText(const ports::Origin &origin)
{
    const bool isHttps = origin.scheme == ports::Scheme::Https;
    QString host = QString::fromUtf8(origin.host);
    if (host.contains(u':')) {
        host = u'[' + host + u']';
    }
    const QString text = (isHttps ? u"https://"_s : u"http://"_s) + host;
    return origin.port == (isHttps ? 443 : 80) ? text : text + u':' + QString::number(origin.port);
}

QByteArray sealContext(const Credential &credential)
{
    return "credentials|" + credential.id.toUtf8() + "|api_key|" + credential.origin.toUtf8();
}

Result<QString> EndpointMaker::originOf(const Credential &credential) const
{
    TRY_VOID(checkAuthHeader(credential));
    if (const QUrl url(credential.origin); !url.path().isEmpty() && url.path() != u"/"_s) {
        return fault(u"origin"_s, u"must be a server alone, such as https://api.example.com"_s);
    }
    ports::Endpoint probe;
    probe.deployment.provider = credential.provider;
    probe.deployment.upstreamModel = u"any"_s;
    probe.deployment.apiBase = credential.origin;
    if (auto prepared = m_prepare(probe); !prepared) {
        ApiError error = std::move(prepared).error();
        error.param = error.param == u"api_base"_s ? u"origin"_s : u"provider"_s;
        return failure(asFieldError(std::move(error)));
    }
    if (probe.deployment.provider != credential.provider) {
        return fault(u"provider"_s,
                     u"names no known provider; for a server of your own it is \"%1\""_s.arg(
                         probe.deployment.provider));
    }
    return probe.origin.host.isEmpty() ? QString() : originText(probe.origin);
}

Result<StoredEndpoint> EndpointMaker::make(const StoredDeployment &deployment,
                                           const Credential *credential, const Secret &key) const
{
    StoredEndpoint made;
    ports::Endpoint &endpoint = made.endpoint;
    Deployment &target = endpoint.deployment;
    target.id = deployment.id;
    target.modelName = deployment.modelName;
    target.apiBase = deployment.apiBase;
    target.weight = deployment.state == DeploymentState::Enabled ? deployment.weight : 0;
    target.priority = deployment.priority;
    target.tags = deployment.tags;
    target.maxOutputTokens = deployment.maxOutputTokens.value_or(0);
    const ModelName name = deployment.provider.isEmpty()
        ? split(deployment.upstreamModel)
        : ModelName{deployment.provider, deployment.upstreamModel};
    target.provider = name.provider;
    target.upstreamModel = name.model;
    if (target.upstreamModel.isEmpty()) {
        return fault(u"model"_s, u"must be a name or provider/name"_s);
    }
    if (credential) {
        endpoint.apiKey = key;
        endpoint.authHeaderName = credential->authHeaderName.toUtf8();
        endpoint.authHeaderFormat = credential->authHeaderFormat.toUtf8();
    }
    TRY_VOID(addHeaders(deployment, endpoint));
    endpoint.organization = deployment.organization.toUtf8();
    endpoint.unpriced = deployment.allowsUnpriced.value_or(false) ? ports::UnpricedPolicy::Allow
                                                                  : ports::UnpricedPolicy::Refuse;
    if (auto prepared = m_prepare(endpoint); !prepared) {
        return failure(asFieldError(std::move(prepared).error()));
    }
    TRY_VOID(addPrices(deployment, endpoint));
    const bool isLocal = endpoint.origin.host.isEmpty();
    if (credential && !isLocal && originText(endpoint.origin) != credential->origin) {
        return fault(deployment.apiBase.isEmpty() ? u"credential_id"_s : u"api_base"_s,
                     u"leads to %1, but the credential may be sent to %2 only"_s.arg(
                         originText(endpoint.origin), credential->origin));
    }
    using std::chrono::milliseconds;
    made.timeout = deployment.timeoutMs.transform([](qint64 ms) { return milliseconds(ms); });
    made.streamTimeout = deployment.streamTimeoutMs.transform(
        [](qint64 ms) { return milliseconds(ms); });
    return made;
}

/// Lays the deployment's prices over the built-in ones.
Result<void> EndpointMaker::addPrices(const StoredDeployment &deployment,
                                      ports::Endpoint &endpoint) const
{
    const Deployment &made = endpoint.deployment;
    const ModelName base = deployment.baseModel.isEmpty()
        ? ModelName{made.provider, made.upstreamModel}
        : split(deployment.baseModel);
    const Pricing *builtIn = m_prices.find(base.provider.isEmpty() ? made.provider : base.provider,
                                           base.model);
    if (!deployment.baseModel.isEmpty() && !builtIn) {
        return fault(u"base_model"_s, u"has no built-in price"_s);
    }
    std::vector<ConfiguredPrice> prices;
    for (auto price = deployment.prices.begin(); price != deployment.prices.end(); ++price) {
        const QString text = numberText(*price).value_or(price->toString());
        prices.push_back({price.key(), text});
    }
    if (prices.empty()) {
        if (builtIn) {
            endpoint.deployment.pricing = *builtIn;
        }
        return {};
    }
    auto pricing = configuredPricing(prices, builtIn);
    if (!pricing) {
        const QString field = u"prices."_s + pricing.error().param;
        return failure(
            ApiError::invalidRequest(u"'%1' %2"_s.arg(field, pricing.error().message), field));
    }
    endpoint.deployment.pricing = *std::move(pricing);
    return {};
}

} // namespace delta::routing
