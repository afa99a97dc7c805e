#pragma once

#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/pricing.h"

#include <QString>
#include <QStringList>

#include <tuple>

namespace delta {

/// One place where a model can be called: a provider, its model name, and a base URL.
/// Deployments with the same modelName form one model group. Credentials are not part of it.
struct Deployment {
    QString id;            ///< Unique; "{modelName}-{index}" unless configured.
    QString modelName;     ///< The public name that clients send.
    QString provider;      ///< Row of the provider table.
    QString upstreamModel; ///< The name that the provider knows.
    QString apiBase;       ///< Base URL; empty means the provider's own default.
    int weight = 1;        ///< Share of the traffic of its group; zero takes none.
    int priority = 0;      ///< Lower numbers are tried first.
    QStringList tags;
    qint64 maxOutputTokens = 0; ///< Of one answer; zero: not known.
    Pricing pricing;

    bool operator==(const Deployment &) const = default;

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("deployment_id"_L1, &Deployment::id),
            field("model_name"_L1, &Deployment::modelName),
            field("provider"_L1, &Deployment::provider),
            field("model"_L1, &Deployment::upstreamModel),
            field<NullWhenEmpty<QString>>("api_base"_L1, &Deployment::apiBase),
            field("weight"_L1, &Deployment::weight),
            field("priority"_L1, &Deployment::priority),
            field("tags"_L1, &Deployment::tags),
            field("max_output_tokens"_L1, &Deployment::maxOutputTokens),
            field("pricing"_L1, &Deployment::pricing),
        };
    }
};

} // namespace delta
