#pragma once

#include "gateway/config/config_loader.h"

#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <expected>
#include <vector>

namespace delta::config {

/// Returns the paths of the settings that take effect while the gateway runs, such as "router_settings.timeout": those
/// alone can be kept in the database. Their values are scalars.
[[nodiscard]] const QStringList &liveSettings();

/// Where the value of a setting comes from.
enum class SettingSource {
    Default,
    File,
    Environment, ///< The file refers to a variable or to a secret that is kept elsewhere.
    Database,
};

/// A key of the configuration and what it is set to.
struct Setting {
    QString name;    ///< Its path: "general_settings.log_level".
    QString type;    ///< Kind of value, for people.
    QString meaning; ///< One line for people.
    SettingSource source = SettingSource::Default;
    /// As it is written, where that is a single value and may be shown; else empty.
    QString value;
    bool isLive = false; ///< Whether the database may set it.
};

/// Returns all settings but those of models, with what the file at `path` and the surroundings say of them. Fetches
/// no secret but what live settings of the file refer to. An empty path: there is no file. Errors: that the file cannot
/// be read, and what is wrong with live settings. Thread-safe.
[[nodiscard]] std::expected<std::vector<Setting>, Problems> readSettings(
    const QString &path, const Surroundings &surroundings);

} // namespace delta::config
