#pragma once

#include "gateway/app/options.h"
#include "gateway/config/config.h"
#include "gateway/config/config_loader.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/routing/endpoint_maker.h"
#include "gateway/store/database_address.h"
#include "shared/billing/price_book.h"
#include "shared/core/clock.h"
#include "shared/models/budget.h"
#include "shared/models/stored_deployment.h"

#include <QString>

#include <cstdint>
#include <vector>

namespace delta::app {

/// Returns what a configuration file is read with: the environment of the process, the prices, what the
/// provider table knows, and the secret managers. Both arguments must outlive it.
[[nodiscard]] config::Surroundings surroundings(const PriceBook &prices, const Clock &clock);

/// Returns what makes endpoints of the deployments in the database. `prices` must outlive it.
[[nodiscard]] routing::EndpointMaker endpointMaker(const PriceBook &prices);

/// Gives the built-in models to a configuration without any model.
void addBuiltInModels(config::Config &config, const PriceBook &prices);

/// Reads the certificates and authorities that a configuration names. Returns what is wrong with
/// them, which keeps a gateway from starting.
[[nodiscard]] config::Problems checkCertificates(const config::Config &config);

/// Returns the database that a configuration names, or the file that is usual for the state folder.
[[nodiscard]] store::DatabaseAddress databaseAddress(const config::Config &config,
                                                     const QString &usual);

/// Returns where to listen: at the address of the command line, or else at the configured or usual
/// one, with the port of the environment if that names one.
[[nodiscard]] QString listenAddress(const Options &options, const config::Config &config);

/// Builds what calls see of a configuration, with these endpoints in the place of its own.
[[nodiscard]] pipeline::SnapshotPtr makeSnapshot(const config::Config &config,
                                                 std::vector<ports::Endpoint> endpoints,
                                                 std::uint64_t version);

/// What a configuration file has and the database shows.
struct ConfiguredRows {
    std::vector<Budget> budgets;
    std::vector<StoredDeployment> deployments; ///< Without their secrets.
};

/// Returns what the database is to show of a configuration.
[[nodiscard]] ConfiguredRows configuredRows(const config::Config &config);

/// Returns the names of the settings in which two configurations differ and which only a restart
/// applies.
[[nodiscard]] QStringList restartSettings(const config::Config &before,
                                          const config::Config &after);

} // namespace delta::app
