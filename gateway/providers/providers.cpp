#include "gateway/providers/providers.h"

#include "gateway/providers/echo.h"
#include "gateway/providers/openai_dialect.h"

#include <QUrl>

#include <algorithm>
#include <array>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

const OpenAiDialect openAiDialect;
const EchoModel echoModel;

constexpr QByteArrayView bearerHeader = "authorization";
constexpr QByteArrayView bearerFormat = "Bearer {api_key}";

constexpr Provider compatible(QByteArrayView name, QByteArrayView apiBase)
{
    return {name, apiBase, bearerHeader, bearerFormat, &openAiDialect, nullptr};
}

/// A provider that speaks the public dialect is one row here and its prices in
/// shared/billing/prices.json.
/// Source of the base URLs: each provider's page on its OpenAI-compatible API, read 2026-11.
const std::array table{
    compatible("openai", "https://api.openai.com/v1"),
    compatible("anthropic", "https://api.anthropic.com/v1"),
    compatible("gemini", "https://generativelanguage.googleapis.com/v1beta/openai"),
    compatible("mistral", "https://api.mistral.ai/v1"),
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
    compatible("ollama", ""),
    compatible("lmstudio", ""),
    compatible("lm_studio", ""),
    compatible("custom_openai", ""),
    Provider{"echo", "", "", "", nullptr, &echoModel},
};

/// What stands for a provider that the table does not know but whose api_base is given.
constexpr QByteArrayView genericProvider = "custom_openai";

QString placeOf(const ports::Endpoint &endpoint, QLatin1StringView key)
{
    return u"model_list entry \"%1\": %2"_s.arg(endpoint.deployment.modelName, key);
}

Result<const Provider *> resolveProvider(ports::Endpoint &endpoint)
{
    Deployment &deployment = endpoint.deployment;
    if (const Provider *known = findProvider(deployment.provider.toUtf8())) {
        return known;
    }
    if (deployment.apiBase.isEmpty()) {
        return failure(ApiError::invalidRequest(
            u"%1 names no known provider (\"%2\"); write model as \"provider/name\" or set api_base."_s
                .arg(placeOf(endpoint, "model"_L1), deployment.provider),
            u"model"_s));
    }
    if (!deployment.provider.isEmpty()) {
        // "meta-llama/Llama-3" is a model name with a slash, not a provider and a name.
        deployment.upstreamModel = deployment.provider + u'/' + deployment.upstreamModel;
    }
    deployment.provider = QString::fromUtf8(genericProvider);
    return findProvider(genericProvider);
}

std::unexpected<ApiError> wrongBase(const ports::Endpoint &endpoint, const QString &what)
{
    return failure(
        ApiError::invalidRequest(placeOf(endpoint, "api_base"_L1) + what, u"api_base"_s));
}

Result<void> resolveOrigin(ports::Endpoint &endpoint, const Provider &provider)
{
    QString base = endpoint.deployment.apiBase;
    if (base.isEmpty()) {
        base = QString::fromUtf8(provider.defaultApiBase);
    }
    if (base.isEmpty()) {
        return wrongBase(endpoint, u" is missing; this provider has no address of its own."_s);
    }
    const QUrl url(base, QUrl::StrictMode);
    const bool isHttps = url.scheme() == "https"_L1;
    if (!url.isValid() || url.host().isEmpty() || url.port() == 0
        || (!isHttps && url.scheme() != "http"_L1)) {
        // The text may hold a credential in the wrong place, so it is not repeated.
        return wrongBase(endpoint,
                         u" must be an http or https URL, such as https://api.example.com/v1."_s);
    }
    if (!url.userInfo().isEmpty() || url.hasQuery() || url.hasFragment()) {
        return wrongBase(endpoint, u" must not hold a user name, a query or a fragment."_s);
    }
    endpoint.origin.scheme = isHttps ? ports::Scheme::Https : ports::Scheme::Http;
    endpoint.origin.host = url.host(QUrl::FullyEncoded).toUtf8();
    endpoint.origin.port = static_cast<quint16>(url.port(isHttps ? 443 : 80));
    endpoint.basePath = url.path(QUrl::FullyEncoded).toUtf8();
    while (endpoint.basePath.endsWith('/')) {
        endpoint.basePath.chop(1);
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
    TRY(const Provider *provider, resolveProvider(endpoint));
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

} // namespace delta::providers
