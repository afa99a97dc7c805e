#include "gateway/app/configuration.h"

#include "gateway/providers/demo_endpoints.h"
#include "gateway/providers/providers.h"

#include <QProcessEnvironment>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

config::Problem problemOf(const config::Config &config, std::size_t index, const ApiError &error)
{
    if (index >= config.endpointPlaces.size()) {
        return {{}, {}, error.param, error.message};
    }
    return {config.file, config.endpointPlaces[index], u"model_list[%1]"_s.arg(index),
            error.message};
}

} // namespace

config::Problems prepareEndpoints(config::Config &config, const PriceBook &prices)
{
    if (config.endpoints.empty()) {
        config.endpoints = providers::demoEndpoints(QProcessEnvironment::systemEnvironment());
    }
    config::Problems problems;
    for (std::size_t index = 0; index < config.endpoints.size(); ++index) {
        const auto prepared = providers::prepareEndpoint(config.endpoints[index], prices);
        if (!prepared) {
            problems.push_back(problemOf(config, index, prepared.error()));
        }
    }
    return problems;
}

QString databaseFile(const config::Config &config, const QString &usual)
{
    constexpr auto scheme = "sqlite://"_L1;
    return config.databaseUrl.startsWith(scheme) ? config.databaseUrl.sliced(scheme.size()) : usual;
}

pipeline::SnapshotPtr makeSnapshot(const config::Config &config, std::uint64_t version)
{
    auto snapshot = std::make_shared<pipeline::Snapshot>();
    snapshot->catalog = routing::Catalog(config.endpoints, config.routing);
    snapshot->maxResponseBytes = config.maxResponseBytes;
    snapshot->version = version;
    return snapshot;
}

QStringList restartSettings(const config::Config &before, const config::Config &after)
{
    QStringList names;
    const auto compare = [&names](const QString &name, bool isSame) {
        if (!isSame) {
            names.append(name);
        }
    };
    compare(u"listen"_s, before.listen == after.listen);
    compare(u"master_key"_s, before.masterKey.reveal() == after.masterKey.reveal());
    compare(u"database_url"_s, before.databaseUrl == after.databaseUrl);
    compare(u"worker_threads"_s, before.workerThreads == after.workerThreads);
    compare(u"drain_timeout"_s, before.drainTimeout == after.drainTimeout);
    compare(u"server"_s, before.edge == after.edge);
    compare(u"upstream"_s, before.upstream == after.upstream);
    compare(u"ledger"_s, before.ledger == after.ledger);
    compare(u"logging"_s, before.log == after.log);
    return names;
}

} // namespace delta::app
