#pragma once

#include "gateway/admin/resources/settings.h"

namespace delta::admin::test {

/// Knows one setting, a number of seconds.
class KnownSettings final : public SettingsSource
{
public:
    [[nodiscard]] Result<std::vector<SettingShown>> settings(const QJsonObject &values) override
    {
        const QJsonValue own = values.value(name());
        return std::vector<SettingShown>{
            {.name = name(),
             .type = QStringLiteral("duration"),
             .meaning = QStringLiteral("Of a call."),
             .source = own.isUndefined() ? QStringLiteral("default") : QStringLiteral("database"),
             .value = own.toVariant().toString(),
             .isChangeable = true}};
    }
    [[nodiscard]] Result<void> check(const QJsonObject &values) override
    {
        for (const QString &each : values.keys()) {
            if (each != name() || !values.value(each).isDouble()) {
                return failure(ApiError::invalidRequest(QStringLiteral("It is wrong."),
                                                        QStringLiteral("values.") + each));
            }
        }
        return {};
    }

private:
    [[nodiscard]] static QString name()
    {
        return QStringLiteral("router_settings.timeout");
    }
};

} // namespace delta::admin::test
