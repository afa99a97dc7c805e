#pragma once

#include "gateway/config/config.h"
#include "gateway/config/problem.h"
#include "gateway/config/value.h"
#include "gateway/ports/secret_source.h"
#include "shared/billing/price_book.h"

#include <QByteArray>
#include <QJsonObject>
#include <QProcessEnvironment>
#include <QString>

#include <expected>
#include <functional>
#include <memory>
#include <vector>

namespace delta::config {

/// What a file means beside what is written in it.
struct Surroundings {
    QProcessEnvironment environment; ///< For references such as os.environ/NAME.
    const PriceBook &prices;         ///< For models that the file prices in part, or by base_model.
    PrepareEndpoint prepare{};       ///< Empty: endpoints are taken as they are written.
    /// Makes what knows the secrets of one load; empty: references to secrets have no value.
    std::function<std::unique_ptr<ports::SecretSource>()> openSecrets{};
    /// Values in the place of the file's own, or beside them: see overlaid().
    QJsonObject overlay{};
};

/// A configuration, and what its author should hear: keys without effect, weak settings.
struct LoadResult {
    Config config;
    Problems warnings; ///< In the order of the file.
};

/// Says of a key path whether a caller wants its value.
using IsWanted = bool (*)(const QString &key);

/// Reads the configuration file at `path`; an empty path: there is none, and all but the overlay is defaults. A file that is empty, or holds comments only, is all
/// defaults.
/// Errors: everything that is wrong with it, in the order of the file; also that it cannot be read.
/// Thread-safe. Nothing is kept from one call to the next.
[[nodiscard]] std::expected<LoadResult, Problems> load(const QString &path,
                                                       const Surroundings &surroundings);

/// The same for a text in memory, which goes by the name `file` in problems.
[[nodiscard]] std::expected<LoadResult, Problems> parse(const QByteArray &text, const QString &file,
                                                        const Surroundings &surroundings);

/// Returns the keys of the file's sections that have a value, but for those of models. As loadDatabaseUrl(): of all
/// that is wrong with the file, only what concerns wanted keys counts.
[[nodiscard]] std::expected<std::vector<FoundKey>, Problems> findKeys(
    const QString &path, const Surroundings &surroundings, IsWanted isWanted);

/// Returns the database that the file names; empty if it names none. For commands that run beside a
/// gateway: of all that is wrong with a file, only what concerns this setting counts, and variables
/// that only the gateway has may be missing.
/// Errors: that the file cannot be read, is no YAML, or that the setting is wrong. Thread-safe.
[[nodiscard]] std::expected<QString, Problems> loadDatabaseUrl(const QString &path,
                                                               const Surroundings &surroundings);

/// Returns the file of sealing keys that the file names; empty if it names none. As loadDatabaseUrl(): of all that is
/// wrong with the file, only what concerns this setting counts.
[[nodiscard]] std::expected<QString, Problems> loadKekFile(const QString &path,
                                                           const Surroundings &surroundings);

/// Returns what the file says of alerts, and what its author should hear of that. As loadDatabaseUrl(): of
/// all that is wrong with the file, only what concerns alerts counts.
[[nodiscard]] std::expected<LoadResult, Problems> loadAlertSettings(
    const QString &path, const Surroundings &surroundings);

} // namespace delta::config
