#pragma once

#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/value_codec.h"
#include "shared/models/entity_stamp.h"

#include <QString>
#include <QStringList>

#include <array>
#include <optional>
#include <tuple>
#include <vector>

namespace delta {

/// How one of several deployments is chosen for a call.
enum class RoutingStrategy {
    SimpleShuffle, ///< By chance, each as often.
    Weighted,      ///< By chance, in proportion to the weights.
    LeastBusy,     ///< That with the fewest calls under way.
    Latency,       ///< That which answered fastest lately.
    Cost,          ///< That whose tokens cost least.
    Usage,         ///< That which is farthest from its limits.
    RateLimit,     ///< One that is not near its limits, by weight.
    Tags,          ///< One that has all tags of the call, by weight.
    Priority,      ///< Of the lowest priority number that can answer, by weight.
};

/// Returns the names of the strategies as the original has them in its configuration.
constexpr auto enumNames(RoutingStrategy)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{RoutingStrategy::SimpleShuffle, "simple-shuffle"_L1},
                      EnumName{RoutingStrategy::Weighted, "weighted"_L1},
                      EnumName{RoutingStrategy::LeastBusy, "least-busy"_L1},
                      EnumName{RoutingStrategy::Latency, "latency-based-routing"_L1},
                      EnumName{RoutingStrategy::Cost, "cost-based-routing"_L1},
                      EnumName{RoutingStrategy::Usage, "usage-based-routing"_L1},
                      EnumName{RoutingStrategy::RateLimit, "rate-limit-aware"_L1},
                      EnumName{RoutingStrategy::Tags, "tag-based-routing"_L1},
                      EnumName{RoutingStrategy::Priority, "priority-based-routing"_L1}};
}

/// A deployment's place in a group.
struct RouteMember {
    QString deploymentId;
    std::optional<int> weight;   ///< Share of the group's calls; absent: the deployment's own.
    std::optional<int> priority; ///< Lower numbers first; absent: the deployment's own.
    bool isEnabled = true;

    bool operator==(const RouteMember &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("deployment_id"_L1, &RouteMember::deploymentId),
            field("weight"_L1, &RouteMember::weight),
            field("priority"_L1, &RouteMember::priority),
            field("enabled"_L1, &RouteMember::isEnabled),
        };
    }
};

/// Deployments, whatever models they are of, behind one name that clients send.
struct RouteGroup {
    QString id;
    QString name; ///< The public name; no two groups have the same.
    QString description;
    RoutingStrategy strategy = RoutingStrategy::SimpleShuffle;
    std::vector<RouteMember> members;
    QStringList fallbacks; ///< Public names that are called in this order where no member answers.
    std::optional<qint64> timeoutMs;  ///< Of one attempt; absent: the deployment's own.
    std::optional<qint64> numRetries; ///< Of one deployment; absent: as configured for all.
    bool isEnabled = true;
    EntityStamp stamp;

    bool operator==(const RouteGroup &) const = default;

    /// Checks what a client may set, but for whether what it names is there. Errors: InvalidRequest naming the field.
    [[nodiscard]] Result<void> validate() const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("route_group_id"_L1, &RouteGroup::id),
            field("name"_L1, &RouteGroup::name),
            field<NullWhenEmpty<QString>>("description"_L1, &RouteGroup::description),
            field("strategy"_L1, &RouteGroup::strategy),
            field("members"_L1, &RouteGroup::members),
            field("fallbacks"_L1, &RouteGroup::fallbacks),
            field("timeout_ms"_L1, &RouteGroup::timeoutMs),
            field("num_retries"_L1, &RouteGroup::numRetries),
            field("enabled"_L1, &RouteGroup::isEnabled),
            inlined(&RouteGroup::stamp),
        };
    }
};

} // namespace delta
