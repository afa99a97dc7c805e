#include "gateway/app/models_in_force.h"

#include "gateway/app/configuration.h"

#include <QLoggingCategory>
#include <QSet>

#include <utility>

namespace delta::app {

namespace {

Q_LOGGING_CATEGORY(lcModels, "delta.models")

} // namespace

ModelsInForce::ModelsInForce(std::shared_ptr<const config::Config> config)
    : m_config(std::move(config))
    , m_snapshots(snapshot(m_version))
{
}

std::uint64_t ModelsInForce::useFile(std::shared_ptr<const config::Config> config)
{
    const std::scoped_lock lock(m_mutex);
    m_config = std::move(config);
    return replace();
}

void ModelsInForce::useStored(std::vector<routing::StoredEndpoint> endpoints)
{
    const std::scoped_lock lock(m_mutex);
    m_stored = std::move(endpoints);
    replace();
}

pipeline::SnapshotPtr ModelsInForce::snapshot(std::uint64_t version) const
{
    std::vector<ports::Endpoint> endpoints = m_config->endpoints;
    QSet<QString> ids;
    for (const ports::Endpoint &endpoint : endpoints) {
        ids.insert(endpoint.deployment.id);
    }
    for (const routing::StoredEndpoint &stored : m_stored) {
        const QString &id = stored.endpoint.deployment.id;
        if (ids.contains(id)) {
            qCWarning(lcModels,
                      "the deployment %ls of the database is left out: the file has one of that id",
                      qUtf16Printable(id));
            continue;
        }
        endpoints.push_back(stored.within(m_config->timeouts, m_config->streamTimeouts));
    }
    return makeSnapshot(*m_config, std::move(endpoints), version);
}

std::uint64_t ModelsInForce::replace()
{
    m_snapshots.replace(snapshot(++m_version));
    return m_version;
}

} // namespace delta::app
