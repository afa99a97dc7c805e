#pragma once

#include "gateway/admin/resources/document_api.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

#include <tuple>
#include <vector>

namespace delta::admin {

/// How the settings are called in the audit log and in what is kept.
inline constexpr QLatin1StringView settingsName("settings");

/// A setting of the configuration, as consoles show it.
struct SettingShown {
    QString name; ///< Path of the key in the configuration file: "router_settings.timeout".
    QString type; ///< Kind of value, for people.
    QString meaning;
    QString source; ///< "default", "file", "environment" or "database".
    QString value;  ///< As it is written; empty: a default, or nothing that may be shown.
    bool isChangeable = false;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("name"_L1, &SettingShown::name),
            field("type"_L1, &SettingShown::type),
            field("meaning"_L1, &SettingShown::meaning),
            field("source"_L1, &SettingShown::source),
            field<NullWhenEmpty<QString>>("value"_L1, &SettingShown::value),
            field("changeable"_L1, &SettingShown::isChangeable),
        };
    }
};

/// What knows the settings. Used on the thread that owns the store.
class SettingsSource
{
public:
    virtual ~SettingsSource() = default;

    /// Returns all settings, as they are with these values of the database. Errors: StoreUnavailable, also where the
    /// file cannot be read.
    [[nodiscard]] virtual Result<std::vector<SettingShown>> settings(const QJsonObject &values) = 0;
    /// Checks the values that the database is to have. Errors: InvalidRequest naming one.
    [[nodiscard]] virtual Result<void> check(const QJsonObject &values) = 0;

protected:
    SettingsSource() = default;
    SettingsSource(const SettingsSource &) = default;
    SettingsSource &operator=(const SettingsSource &) = default;
};

/// The settings that the database has: values by name.
struct StoredSettings {
    QJsonObject values;

    bool operator==(const StoredSettings &) const = default;

    /// What a value may be, the source knows.
    [[nodiscard]] static Result<void> validate()
    {
        return {};
    }

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{field("values"_L1, &StoredSettings::values)};
    }
};

/// `source` is borrowed, and outlives the kind. A change of `values` sets those that it names, and takes those back
/// that are null.
[[nodiscard]] DocumentKind<StoredSettings> settingsKind(SettingsSource &source);

} // namespace delta::admin
