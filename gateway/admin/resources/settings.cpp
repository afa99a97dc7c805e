#include "gateway/admin/resources/settings.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

Result<void> edit(const QJsonObject &body, StoredSettings &settings)
{
    StoredSettings wish;
    TRY_VOID(applyPatch(body, wish));
    for (auto value = wish.values.begin(); value != wish.values.end(); ++value) {
        if (value->isNull()) {
            settings.values.remove(value.key());
        } else {
            settings.values.insert(value.key(), *value);
        }
    }
    return {};
}

Result<QJsonObject> workOut(SettingsSource &source, const StoredSettings &settings)
{
    TRY(const std::vector<SettingShown> all, source.settings(settings.values));
    QJsonArray items;
    for (const SettingShown &each : all) {
        items.append(toJson(each));
    }
    return QJsonObject{{"items"_L1, items}};
}

} // namespace

DocumentKind<StoredSettings> settingsKind(SettingsSource &source)
{
    return {
        .name = settingsName,
        .path = "/ui/api/settings"_ba,
        .title = u"Settings"_s,
        .check =
            [&source](store::ControlTables &, const StoredSettings &settings) {
                return source.check(settings.values);
            },
        .edit = edit,
        .workOut = [&source](const StoredSettings &settings) { return workOut(source, settings); }};
}

} // namespace delta::admin
