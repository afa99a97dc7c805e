#include "gateway/providers/demo_endpoints.h"

#include <array>
#include <span>

namespace delta::providers {

using namespace Qt::StringLiterals;

namespace {

/// A provider account that is usable as soon as its variable is set.
struct Account {
    QLatin1StringView variable;
    QLatin1StringView provider;
    std::span<const QLatin1StringView> models;
};

// Only models with a row in shared/billing/prices.json: what has no price is refused anyway.
constexpr std::array openaiModels{"gpt-4o"_L1,
                                  "gpt-4o-mini"_L1,
                                  "gpt-4.1"_L1,
                                  "gpt-4.1-mini"_L1,
                                  "gpt-5"_L1,
                                  "gpt-5-mini"_L1,
                                  "o3"_L1,
                                  "o4-mini"_L1,
                                  "text-embedding-3-small"_L1,
                                  "text-embedding-3-large"_L1};
constexpr std::array anthropicModels{"claude-opus-4-1"_L1, "claude-sonnet-4-5"_L1,
                                     "claude-haiku-4-5"_L1};
const std::array accounts{
    Account{"OPENAI_API_KEY"_L1, "openai"_L1, openaiModels},
    Account{"ANTHROPIC_API_KEY"_L1, "anthropic"_L1, anthropicModels},
};

ports::Endpoint endpointOf(QLatin1StringView provider, QLatin1StringView model)
{
    ports::Endpoint endpoint;
    endpoint.deployment.id = model + "-0"_L1;
    endpoint.deployment.modelName = model;
    endpoint.deployment.provider = provider;
    endpoint.deployment.upstreamModel = model;
    return endpoint;
}

} // namespace

std::vector<ports::Endpoint> demoEndpoints(const QProcessEnvironment &environment)
{
    std::vector<ports::Endpoint> endpoints{endpointOf("echo"_L1, "demo"_L1)};
    for (const Account &account : accounts) {
        // A line break that came along from a file is no part of a key.
        const QByteArray key = environment.value(account.variable).trimmed().toUtf8();
        for (const QLatin1StringView model :
             key.isEmpty() ? std::span<const QLatin1StringView>() : account.models) {
            endpoints.push_back(endpointOf(account.provider, model));
            endpoints.back().apiKey = Secret(key);
        }
    }
    return endpoints;
}

} // namespace delta::providers
