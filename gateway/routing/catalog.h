#pragma once

#include "gateway/ports/endpoint.h"
#include "gateway/routing/routing_settings.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QHash>

#include <cstdint>
#include <memory>
#include <vector>

namespace delta::routing {

using EndpointPtr = std::shared_ptr<const ports::Endpoint>;

/// The public models and the deployments behind them. Immutable; shared by all threads.
class Catalog
{
public:
    Catalog() = default;
    Catalog(std::vector<ports::Endpoint> endpoints, const RoutingSettings &settings);

    /// Chooses a deployment of the model: the lowest priority number that takes traffic, there by
    /// weight. `random` is uniform over its whole range. Errors: ModelNotFound.
    [[nodiscard]] Result<EndpointPtr> choose(QByteArrayView model, std::uint64_t random) const;

    /// Returns the deployment with that id, whether it takes traffic or not; null if there is none.
    [[nodiscard]] EndpointPtr deployment(QByteArrayView id) const;

    /// Returns the public names that can be called, aliases included, sorted.
    [[nodiscard]] const std::vector<QByteArray> &models() const
    {
        return m_models;
    }
    [[nodiscard]] bool serves(QByteArrayView model) const;

private:
    /// The deployments of one name that take traffic, most preferred tier only.
    struct Group {
        std::vector<EndpointPtr> endpoints;
        std::uint64_t totalWeight = 0;
        int priority = 0;
    };

    void add(EndpointPtr endpoint);
    [[nodiscard]] const Group *find(QByteArrayView model) const;

    QHash<QByteArray, Group> m_groups;
    QHash<QByteArray, EndpointPtr> m_deployments; ///< All of them, by id.
    QHash<QByteArray, QByteArray> m_aliases;
    std::vector<QByteArray> m_models;
};

} // namespace delta::routing
