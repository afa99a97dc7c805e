#pragma once

#include "gateway/admin/resources/settings.h"
#include "gateway/config/config_loader.h"
#include "gateway/store/store.h"

#include <QJsonObject>

#include <functional>

namespace delta::app {

/// Knows the settings of the configuration, and brings those of the database into force. Lives on the store queue, but
/// for the constructor.
class SettingsRoom final : public admin::SettingsSource
{
public:
    /// `store` and what the surroundings borrow outlive it. `use` is called with all values of the database where
    /// these have changed.
    struct Parts {
        store::Store &store;
        QString file; ///< Empty: there is none.
        config::Surroundings surroundings;
        std::function<void(const QJsonObject &values)> use;
    };

    explicit SettingsRoom(Parts parts);

    [[nodiscard]] Result<std::vector<admin::SettingShown>> settings(
        const QJsonObject &values) override;
    [[nodiscard]] Result<void> check(const QJsonObject &values) override;

    /// Has the values of the database used if they changed since the last time. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> refresh();

private:
    [[nodiscard]] config::Surroundings with(const QJsonObject &values) const;

    Parts m_parts;
    QJsonObject m_values; ///< That are used.
};

} // namespace delta::app
