#include "gateway/admin/scim/scim_group_effects.h"

#include "gateway/admin/resources/last_admin.h"
#include "gateway/identity/group_places.h"
#include "gateway/identity/group_roles.h"
#include "gateway/identity/sso_memberships.h"

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

using store::ControlTables;

Result<auth::OidcIdentity> identityOf(ControlTables &tables, const User &user)
{
    TRY(const QStringList groups, identity::directoryGroupsOf(tables, user.id));
    auth::OidcIdentity who;
    who.email = user.email;
    who.name = user.name;
    who.groups = groups;
    return who;
}

} // namespace

Result<auth::OidcSettings> GroupEffects::known(ControlTables &tables, const QStringList &also) const
{
    auth::OidcSettings settings = m_settings.people;
    TRY(QStringList names, identity::groupsOfDirectory(tables, settings));
    names += also;
    settings.groupRoles.removeIf(
        [&names](const auto &entry) { return !names.contains(entry.key()); });
    return settings;
}

Result<void> GroupEffects::apply(ControlTables &tables, const AdminCall &call,
                                 const auth::OidcSettings &known, const QString &userId)
{
    if (known.groupRoles.isEmpty()) {
        return {};
    }
    TRY(std::optional<User> user, tables.users.find({userId}));
    if (!user) {
        return {};
    }
    // Who is an admin by their address is so at each login, whatever their groups.
    if (!known.adminEmails.contains(user->email, Qt::CaseInsensitive)) {
        TRY_VOID(applyRole(tables, call, known, *user));
    }
    return applyPlaces(tables, call, known, *user);
}

Result<void> GroupEffects::applyRole(ControlTables &tables, const AdminCall &call,
                                     const auth::OidcSettings &known, User &user)
{
    TRY(const auth::OidcIdentity who, identityOf(tables, user));
    const std::optional<PlatformRole> role = identity::platformRoleOf(who, known);
    if (!role || *role == user.role) {
        return {};
    }
    TRY_VOID(keepLastAdmin(tables, call, user));
    TRY(const QJsonObject before, m_users.describe(tables, user));
    user.role = *role;
    TRY_VOID(m_users.write(tables, user));
    TRY(const QJsonObject after, m_users.describe(tables, user));
    return m_users.record(tables, call, "update", user, before, after);
}

Result<void> GroupEffects::applyPlaces(ControlTables &tables, const AdminCall &call,
                                       const auth::OidcSettings &known, const User &user)
{
    TRY(const auth::OidcIdentity who, identityOf(tables, user));
    AuditEvent by = auditEventOf(call);
    by.at = m_control.clock.wall();
    return identity::SsoMemberships(tables, std::move(by))
        .apply(identity::placesOf(who, known), user);
}

} // namespace delta::admin::scim
