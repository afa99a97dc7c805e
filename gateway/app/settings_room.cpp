#include "gateway/app/settings_room.h"

#include "gateway/config/live_settings.h"
#include "gateway/config/value_reference.h"
#include "gateway/store/control_tables.h"

#include <utility>

namespace delta::app {

using namespace Qt::StringLiterals;

namespace {

QString sourceName(config::SettingSource source)
{
    switch (source) {
    case config::SettingSource::File:
        return u"file"_s;
    case config::SettingSource::Environment:
        return u"environment"_s;
    case config::SettingSource::Database:
        return u"database"_s;
    case config::SettingSource::Default:
        break;
    }
    return u"default"_s;
}

admin::SettingShown shown(const config::Setting &setting)
{
    return {.name = setting.name,
            .type = setting.type,
            .meaning = setting.meaning,
            .source = sourceName(setting.source),
            .value = setting.value,
            .isChangeable = setting.isLive};
}

} // namespace

SettingsRoom::SettingsRoom(Parts parts)
    : m_parts(std::move(parts))
{
}

Result<std::vector<admin::SettingShown>> SettingsRoom::settings(const QJsonObject &values)
{
    auto read = config::readSettings(m_parts.file, with(values));
    if (!read) {
        return failure(ApiError::storeUnavailable(u"The configuration cannot be read: "_s
                                                  + read.error().front().message));
    }
    std::vector<admin::SettingShown> all;
    for (const config::Setting &setting : *read) {
        all.push_back(shown(setting));
    }
    return all;
}

Result<void> SettingsRoom::check(const QJsonObject &values)
{
    for (const QString &name : values.keys()) {
        if (!config::liveSettings().contains(name)) {
            return failure(
                ApiError::invalidRequest(u"The database cannot set '%1'. It may set: %2."_s.arg(
                                             name, config::liveSettings().join(u", "_s)),
                                         u"values."_s + name));
        }
        const QJsonValue value = values.value(name);
        if (!value.isString() && !value.isDouble() && !value.isBool()) {
            return failure(ApiError::invalidRequest(
                u"'%1' must be a text, a number, true or false."_s.arg(name), u"values."_s + name));
        }
        if (config::isReference(value.toString())) {
            return failure(ApiError::invalidRequest(
                u"'%1' must be the value itself: only the file may refer to one that is kept elsewhere."_s
                    .arg(name),
                u"values."_s + name));
        }
    }
    const auto read = config::readSettings(m_parts.file, with(values));
    if (read) {
        return {};
    }
    const config::Problem &problem = read.error().front();
    return failure(ApiError::invalidRequest(u"'%1' %2."_s.arg(problem.key, problem.message),
                                            u"values."_s + problem.key));
}

Result<void> SettingsRoom::refresh()
{
    std::optional<ObjectVersion> newest;
    TRY_VOID(m_parts.store.look([&newest](store::ControlTables &tables) -> Result<void> {
        TRY(newest, tables.newestVersion(admin::settingsName, admin::settingsName));
        return {};
    }));
    const QJsonObject values = newest ? newest->object.value("values"_L1).toObject()
                                      : QJsonObject();
    if (values != m_values) {
        m_values = values;
        m_parts.use(values);
    }
    return {};
}

config::Surroundings SettingsRoom::with(const QJsonObject &values) const
{
    config::Surroundings changed = m_parts.surroundings;
    changed.overlay = values;
    return changed;
}

} // namespace delta::app
