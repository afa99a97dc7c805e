#include "gateway/routing/catalog.h"

#include <algorithm>
#include <utility>

namespace delta::routing {

Catalog::Catalog(std::vector<ports::Endpoint> endpoints, const RoutingSettings &settings)
{
    for (ports::Endpoint &endpoint : endpoints) {
        add(std::make_shared<const ports::Endpoint>(std::move(endpoint)));
    }
    for (const auto &[alias, model] : settings.aliases.asKeyValueRange()) {
        m_aliases.insert(alias.toUtf8(), model.toUtf8());
        m_models.push_back(alias.toUtf8());
    }
    std::ranges::sort(m_models);
    const auto twins = std::ranges::unique(m_models);
    m_models.erase(twins.begin(), twins.end());
    std::erase_if(m_models, [this](const QByteArray &model) { return !serves(model); });
}

void Catalog::add(EndpointPtr endpoint)
{
    const Deployment &deployment = endpoint->deployment;
    const QByteArray name = deployment.modelName.toUtf8();
    m_models.push_back(name);
    m_deployments.insert(deployment.id.toUtf8(), endpoint);
    Group &group = m_groups[name];
    if (deployment.weight <= 0) {
        return;
    }
    if (group.endpoints.empty() || deployment.priority < group.priority) {
        group = {{}, 0, deployment.priority};
    }
    if (deployment.priority == group.priority) {
        group.totalWeight += static_cast<std::uint64_t>(deployment.weight);
        group.endpoints.push_back(std::move(endpoint));
    }
}

const Catalog::Group *Catalog::find(QByteArrayView model) const
{
    QByteArray name = QByteArray::fromRawData(model.data(), model.size());
    if (const auto alias = m_aliases.constFind(name); alias != m_aliases.cend()) {
        name = *alias;
    }
    const auto group = m_groups.constFind(name);
    return group == m_groups.cend() || group->endpoints.empty() ? nullptr : &*group;
}

EndpointPtr Catalog::deployment(QByteArrayView id) const
{
    return m_deployments.value(QByteArray::fromRawData(id.data(), id.size()));
}

bool Catalog::serves(QByteArrayView model) const
{
    return find(model) != nullptr;
}

Result<EndpointPtr> Catalog::choose(QByteArrayView model, std::uint64_t random) const
{
    const Group *group = find(model);
    if (!group) {
        return failure(ApiError::modelNotFound(QString::fromUtf8(model)));
    }
    std::uint64_t ticket = random % group->totalWeight;
    for (const EndpointPtr &endpoint : group->endpoints) {
        const auto weight = static_cast<std::uint64_t>(endpoint->deployment.weight);
        if (ticket < weight) {
            return endpoint;
        }
        ticket -= weight;
    }
    return failure(ApiError::internal(QStringLiteral("weights do not add up")));
}

} // namespace delta::routing
