#pragma once

#include "gateway/admin/scim/scim_room.h"
#include "shared/core/result.h"

#include <QString>
#include <QStringList>

namespace delta::admin::scim {

/// What being in a group of the directory makes of a user here: a role of the platform, places in teams and
/// organisations, as `sso_group_roles` says of groups at a login. A group counts by its name and by the directory's own
/// id. Groups that the directory does not tell of are left to logins. Used within Store::change().
class GroupEffects
{
public:
    /// All are borrowed, and outlive it.
    GroupEffects(const ControlRoom &control, EntityApi<User> &users, const ScimSettings &settings)
        : m_control(control)
        , m_users(users)
        , m_settings(settings)
    {
    }

    /// Returns those of the settings' groups that the directory tells of, and those of `also`, which it told of.
    /// Errors: StoreUnavailable.
    [[nodiscard]] Result<auth::OidcSettings> known(store::ControlTables &tables,
                                                   const QStringList &also = {}) const;

    /// Brings a user up to what their groups say. Each change is in the audit log.
    /// Errors: Conflict if it would leave the platform without an admin; StoreUnavailable.
    [[nodiscard]] Result<void> apply(store::ControlTables &tables, const AdminCall &call,
                                     const auth::OidcSettings &known, const QString &userId);

private:
    [[nodiscard]] Result<void> applyRole(store::ControlTables &tables, const AdminCall &call,
                                         const auth::OidcSettings &known, User &user);
    [[nodiscard]] Result<void> applyPlaces(store::ControlTables &tables, const AdminCall &call,
                                           const auth::OidcSettings &known, const User &user);

    const ControlRoom &m_control;
    EntityApi<User> &m_users;
    const ScimSettings &m_settings;
};

} // namespace delta::admin::scim
