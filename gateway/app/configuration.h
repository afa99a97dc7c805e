#pragma once

#include "gateway/config/config.h"
#include "gateway/config/config_loader.h"
#include "gateway/pipeline/snapshot.h"
#include "shared/billing/price_book.h"

#include <QString>

namespace delta::app {

/// Completes the endpoints of a configuration with what the provider table knows. A configuration
/// without any model gets the built-in ones. Returns what is wrong.
[[nodiscard]] config::Problems prepareEndpoints(config::Config &config, const PriceBook &prices);

/// Returns the database file that a configuration names, or the one that is usual for the state
/// folder.
[[nodiscard]] QString databaseFile(const config::Config &config, const QString &usual);

/// Builds what calls see of a configuration.
[[nodiscard]] pipeline::SnapshotPtr makeSnapshot(const config::Config &config,
                                                 std::uint64_t version);

/// Returns the names of the settings in which two configurations differ and which only a restart
/// applies.
[[nodiscard]] QStringList restartSettings(const config::Config &before,
                                          const config::Config &after);

} // namespace delta::app
