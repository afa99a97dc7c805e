#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/entity_stamp.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <array>
#include <optional>
#include <tuple>

namespace delta {

/// Whether a deployment is called. Calls that are under way end by themselves in any state.
enum class DeploymentState {
    Disabled, ///< It takes no calls.
    Draining, ///< Likewise; but it is meant to be taken away, and people wait for its last call.
    Enabled,
};

constexpr auto enumNames(DeploymentState)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{DeploymentState::Disabled, "disabled"_L1},
                      EnumName{DeploymentState::Draining, "draining"_L1},
                      EnumName{DeploymentState::Enabled, "enabled"_L1}};
}

/// Where a deployment is configured, and so where alone it can be changed.
enum class DeploymentSource {
    File,     ///< `model_list` of the configuration file.
    Database, ///< The admin API.
};

constexpr auto enumNames(DeploymentSource)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{DeploymentSource::File, "file"_L1},
                      EnumName{DeploymentSource::Database, "database"_L1}};
}

/// A deployment as admins see it and keep it in the database. What it becomes is a ports::Endpoint.
struct StoredDeployment {
    QString id;
    QString modelName;     ///< The public name that clients send; several may share it.
    QString provider;      ///< Row of the provider table; empty: `model` begins with it.
    QString upstreamModel; ///< The name that the provider knows, or "provider/name".
    QString apiBase;       ///< Base URL; empty: the provider's own.
    QString credentialId;  ///< Whose secret it is called with; empty: with none.
    DeploymentState state = DeploymentState::Enabled;
    int weight = 1;   ///< Share of the traffic of its group; zero takes none.
    int priority = 0; ///< Lower numbers are tried first.
    QStringList tags;
    std::optional<qint64> timeoutMs; ///< Of a whole unstreamed call; absent: as configured for all.
    std::optional<qint64>
        streamTimeoutMs; ///< Longest wait for an event of a stream; absent: as `timeout_ms`.
    std::optional<qint64> maxOutputTokens; ///< Of one answer; absent: not known.
    QString mode;                          ///< What it does, by LiteLLM's names; empty: not said.
    QString baseModel; ///< Whose built-in price it has, in the form of `model`; empty: its own.
    std::optional<bool> allowsUnpriced; ///< Absent: not without a price.
    QJsonObject
        prices; ///< USD per unit by LiteLLM's names, over the built-in ones; see configuredPricing().
    QJsonObject extraHeaders; ///< Names and values, sent with every call.
    QString organization;     ///< Of the account at the provider; empty: none.
    QString description;
    QJsonObject metadata; ///< The client's own; never read.
    DeploymentSource source = DeploymentSource::Database;
    EntityStamp stamp;

    bool operator==(const StoredDeployment &) const = default;

    /// Checks what a client may set, but for what providers and prices know. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        using Text = NullWhenEmpty<QString>;
        return std::tuple{
            field("deployment_id"_L1, &StoredDeployment::id),
            field("model_name"_L1, &StoredDeployment::modelName),
            field<Text>("provider"_L1, &StoredDeployment::provider),
            field("model"_L1, &StoredDeployment::upstreamModel),
            field<Text>("api_base"_L1, &StoredDeployment::apiBase),
            field<Text>("credential_id"_L1, &StoredDeployment::credentialId),
            field("state"_L1, &StoredDeployment::state),
            field("weight"_L1, &StoredDeployment::weight),
            field("priority"_L1, &StoredDeployment::priority),
            field("tags"_L1, &StoredDeployment::tags),
            field("timeout_ms"_L1, &StoredDeployment::timeoutMs),
            field("stream_timeout_ms"_L1, &StoredDeployment::streamTimeoutMs),
            field("max_output_tokens"_L1, &StoredDeployment::maxOutputTokens),
            field<Text>("mode"_L1, &StoredDeployment::mode),
            field<Text>("base_model"_L1, &StoredDeployment::baseModel),
            field("allow_unpriced"_L1, &StoredDeployment::allowsUnpriced),
            field("prices"_L1, &StoredDeployment::prices),
            field("extra_headers"_L1, &StoredDeployment::extraHeaders),
            field<Text>("organization"_L1, &StoredDeployment::organization),
            field<Text>("description"_L1, &StoredDeployment::description),
            field("metadata"_L1, &StoredDeployment::metadata),
            field("source"_L1, &StoredDeployment::source, Access::ReadOnly),
            inlined(&StoredDeployment::stamp),
        };
    }
};

/// A public model: all deployments of one name.
struct ModelGroup {
    QString name;
    qint64 deployments = 0;
    qint64 enabledDeployments = 0; ///< Zero: it cannot be called.

    bool operator==(const ModelGroup &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("model_name"_L1, &ModelGroup::name, Access::ReadOnly),
            field("deployment_count"_L1, &ModelGroup::deployments, Access::ReadOnly),
            field("enabled_count"_L1, &ModelGroup::enabledDeployments, Access::ReadOnly),
        };
    }
};

} // namespace delta
