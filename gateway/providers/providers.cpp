#include "gateway/providers/providers.h"

#include "gateway/providers/echo.h"
#include "gateway/providers/openai_dialect.h"
#include "gateway/providers/unsupported_providers.h"
#include "shared/core/nearest_name.h"

#include <QStringList>
#include <QUrl>

#include <algorithm>
#include <array>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

const OpenAiDialect plainDialect;
/// The reasoning models refuse `max_tokens`, and all chat models take its successor.
const OpenAiDialect openAiDialect({.outputLimit = openai::OutputLimitName::MaxCompletionTokens});
/// Mistral answers `stream_options` with 422, and reports the usage with the last event of any stream.
const OpenAiDialect unaskedUsageDialect({.usage = openai::StreamUsage::Unasked});
const EchoModel echoModel;

constexpr QByteArrayView bearerHeader = "authorization";
constexpr QByteArrayView bearerFormat = "Bearer {api_key}";

constexpr Provider compatible(QByteArrayView name, QByteArrayView apiBase,
                              const Dialect &dialect = plainDialect)
{
    return {name, apiBase, bearerHeader, bearerFormat, &dialect};
}

/// LiteLLM calls these servers by their native API and is given their address without a path.
constexpr Provider compatibleUnder(QByteArrayView usualPath, QByteArrayView name)
{
    Provider provider = compatible(name, "");
    provider.usualPath = usualPath;
    return provider;
}

/// A provider that speaks the public dialect is one row here and its prices in
/// shared/billing/prices.json.
/// Source of the base URLs: each provider's page on its OpenAI-compatible API, read 2026-11.
const std::array table{
    compatible("openai", "https://api.openai.com/v1", openAiDialect),
    compatible("anthropic", "https://api.anthropic.com/v1"),
    compatible("gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    compatible("mistral", "https://api.mistral.ai/v1", unaskedUsageDialect),
    compatible("deepseek", "https://api.deepseek.com/v1"),
    compatible("groq", "https://api.groq.com/openai/v1"),
    compatible("xai", "https://api.x.ai/v1"),
    compatible("openrouter", "https://openrouter.ai/api/v1"),
    compatible("together", "https://api.together.xyz/v1"),
    compatible("together_ai", "https://api.together.xyz/v1"),
    compatible("fireworks", "https://api.fireworks.ai/inference/v1"),
    compatible("fireworks_ai", "https://api.fireworks.ai/inference/v1"),
    compatible("deepinfra", "https://api.deepinfra.com/v1/openai"),
    compatible("perplexity", "https://api.perplexity.ai"),
    compatible("vllm", ""),
    compatible("hosted_vllm", ""),
    compatibleUnder("/v1", "ollama"),
    compatibleUnder("/v1", "ollama_chat"),
    compatible("lmstudio", ""),
    compatible("lm_studio", ""),
    compatible("litellm_proxy", ""),
    compatible("openai_like", ""),
    compatible("custom_openai", ""),
    Provider{"echo", "", "", "", nullptr, &echoModel},
};

/// What stands for a provider that the table does not know but whose api_base is given.
constexpr QByteArrayView genericProvider = "custom_openai";

/// Finds whose model a bare name is: the provider's whose price list has it. The table's first row
/// goes before the others; between two of those nothing is guessed.
const Provider *findByModel(const QString &model, const PriceBook &prices)
{
    const Provider *only = nullptr;
    for (const Provider &row : table) {
        if (!prices.find(QString::fromUtf8(row.name), model)) {
            continue;
        }
        if (&row == &table.front()) {
            return &row;
        }
        if (only && only->defaultApiBase != row.defaultApiBase) {
            return nullptr;
        }
        only = only ? only : &row;
    }
    return only;
}

Result<const Provider *> resolveBareModel(Deployment &deployment, const PriceBook &prices)
{
    const Provider *provider = findByModel(deployment.upstreamModel, prices);
    if (!provider) {
        return failure(ApiError::unsupported(
            u"names no provider, and no built-in price list tells whose it is; write provider/name or set api_base."_s,
            u"model"_s));
    }
    deployment.provider = QString::fromUtf8(provider->name);
    return provider;
}

std::unexpected<ApiError> unsupportedProvider(const Deployment &deployment)
{
    const QString advice = deployment.apiBase.isEmpty()
        ? u"."_s
        : u"; if the server at api_base speaks the OpenAI API, set provider to \"%1\"."_s.arg(
              QLatin1StringView(genericProvider));
    return failure(ApiError::unsupported(
        u"the provider \"%1\" is not supported yet"_s.arg(deployment.provider) + advice,
        u"model"_s));
}

/// A name that is almost that of a provider is a mistake; any other may be one of LiteLLM's.
std::unexpected<ApiError> unknownProvider(const QString &name)
{
    QStringList names;
    for (const Provider &row : table) {
        names += QString::fromUtf8(row.name);
    }
    if (const QString nearest = nearestName(name, names); !nearest.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"names no known provider (\"%1\"); did you mean \"%2\"?"_s.arg(name, nearest),
            u"model"_s));
    }
    return failure(ApiError::unsupported(
        u"names no known provider (\"%1\"); write provider/name or set api_base."_s.arg(name),
        u"model"_s));
}

/// "meta-llama/Llama-3" is a model name with a slash, not a provider and a name.
const Provider *takeAsCompatible(Deployment &deployment)
{
    if (!deployment.provider.isEmpty()) {
        deployment.upstreamModel = deployment.provider + u'/' + deployment.upstreamModel;
    }
    deployment.provider = QString::fromUtf8(genericProvider);
    return findProvider(genericProvider);
}

Result<const Provider *> resolveProvider(Deployment &deployment, const PriceBook &prices)
{
    if (const Provider *known = findProvider(deployment.provider.toUtf8())) {
        return known;
    }
    if (isUnsupportedProvider(deployment.provider)) {
        return unsupportedProvider(deployment);
    }
    if (!deployment.apiBase.isEmpty()) {
        return takeAsCompatible(deployment);
    }
    return deployment.provider.isEmpty() ? resolveBareModel(deployment, prices)
                                         : unknownProvider(deployment.provider);
}

std::unexpected<ApiError> wrongBase(const QString &what)
{
    return failure(ApiError::invalidRequest(what, u"api_base"_s));
}

Result<void> resolveOrigin(ports::Endpoint &endpoint, const Provider &provider)
{
    QString base = endpoint.deployment.apiBase;
    if (base.isEmpty()) {
        base = QString::fromUtf8(provider.defaultApiBase);
    }
    if (base.isEmpty()) {
        return wrongBase(u"lacks the key api_base; this provider has no address of its own."_s);
    }
    const QUrl url(base, QUrl::StrictMode);
    const bool isHttps = url.scheme() == "https"_L1;
    if (!url.isValid() || url.host().isEmpty() || url.port() == 0
        || (!isHttps && url.scheme() != "http"_L1)) {
        // The text may hold a credential in the wrong place, so it is not repeated.
        return wrongBase(u"must be an http or https URL, such as https://api.example.com/v1."_s);
    }
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment()) {
        return wrongBase(u"must not hold a user name, a query or a fragment."_s);
    }
    endpoint.origin.scheme = isHttps ? ports::Scheme::Https : ports::Scheme::Http;
    endpoint.origin.host = url.host(QUrl::FullyEncoded).toUtf8();
    endpoint.origin.port = static_cast<quint16>(url.port(isHttps ? 443 : 80));
    endpoint.basePath = url.path(QUrl::FullyEncoded).toUtf8();
    while (endpoint.basePath.endsWith('/')) {
        endpoint.basePath.chop(1);
    }
    if (endpoint.basePath.isEmpty() && !endpoint.deployment.apiBase.isEmpty()) {
        endpoint.basePath = provider.usualPath.toByteArray();
    }
    return {};
}

void resolvePricing(Deployment &deployment, const PriceBook &prices)
{
    if (deployment.pricing.isPriced()) {
        return;
    }
    if (const Pricing *known = prices.find(deployment.provider, deployment.upstreamModel)) {
        deployment.pricing = *known;
    }
}

} // namespace

std::span<const Provider> providers()
{
    return table;
}

const Provider *findProvider(QByteArrayView name)
{
    const auto row = std::ranges::find(table, name, &Provider::name);
    return row == table.end() ? nullptr : &*row;
}

Result<void> prepareEndpoint(ports::Endpoint &endpoint, const PriceBook &prices)
{
    TRY(const Provider *provider, resolveProvider(endpoint.deployment, prices));
    resolvePricing(endpoint.deployment, prices);
    if (provider->local) {
        return {};
    }
    TRY_VOID(resolveOrigin(endpoint, *provider));
    if (endpoint.authHeaderName.isEmpty()) {
        endpoint.authHeaderName = provider->authHeader.toByteArray();
    }
    if (endpoint.authHeaderFormat.isEmpty()) {
        endpoint.authHeaderFormat = provider->authFormat.toByteArray();
    }
    return {};
}

bool lacksCredential(const ports::Endpoint &endpoint)
{
    const Provider *provider = findProvider(endpoint.deployment.provider.toUtf8());
    const bool isHosted = provider && !provider->defaultApiBase.isEmpty()
        && endpoint.deployment.apiBase.isEmpty();
    return isHosted && endpoint.apiKey.isEmpty()
        && std::ranges::none_of(endpoint.extraHeaders, [&endpoint](const auto &header) {
               return header.first.compare(endpoint.authHeaderName, Qt::CaseInsensitive) == 0;
           });
}

} // namespace delta::providers
