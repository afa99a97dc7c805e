#include "gateway/identity/sso_service.h"

#include "gateway/auth/oidc/oidc_answer.h"
#include "gateway/identity/group_places.h"
#include "gateway/identity/group_roles.h"
#include "gateway/identity/sso_memberships.h"
#include "gateway/store/login_tables.h"
#include "shared/json/json_codec.h"

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::identity {

namespace {

ports::Person personOf(const User &user)
{
    return {user.id, user.email, user.name, QString(enumName(user.role)), user.block.isBlocked};
}

QString domainOf(const QString &email)
{
    return email.sliced(email.lastIndexOf(u'@') + 1);
}

} // namespace

Result<OpenSession> SsoService::welcome(const auth::OidcIdentity &who, const Visitor &visitor)
{
    OpenSession session;
    TRY_VOID(m_parts.store.change([&](store::ControlTables &tables) -> Result<void> {
        TRY(User user, userFor(tables, who, visitor));
        if (user.block.isBlocked) {
            return failure(auth::refused(u"the user %1 is blocked"_s.arg(user.id)));
        }
        auth::OidcIdentity told = who;
        TRY(told.groups, groupsAtLogin(tables, m_settings, user.id, who.groups));
        TRY_VOID(applyRole(tables, told, visitor, user));
        TRY_VOID(
            SsoMemberships(tables, byUser(user, visitor)).apply(placesOf(told, m_settings), user));
        TRY(store::LoginTables *const logins, m_parts.store.logins());
        TRY_VOID(logins->logins.noteLogin(user.id, m_parts.clock.wall()));
        TRY(session, m_sessions.open(personOf(user), visitor));
        return record(tables, visitor, u"login"_s, user, {}, {});
    }));
    return session;
}

Result<User> SsoService::userFor(store::ControlTables &tables, const auth::OidcIdentity &who,
                                 const Visitor &visitor)
{
    TRY(std::optional<User> user, known(tables, who));
    if (user) {
        return *std::move(user);
    }
    TRY(user, unlinked(tables, who));
    TRY(store::LoginTables *const logins, m_parts.store.logins());
    if (!user) {
        TRY(user, make(tables, who));
        TRY_VOID(record(tables, visitor, u"user.create"_s, *user, {}, toJson(*user)));
        if (!m_settings.defaultTeam.isEmpty()) {
            TRY_VOID(SsoMemberships(tables, byUser(*user, visitor))
                         .welcome(m_settings.defaultTeam, *user));
        }
    }
    TRY([[maybe_unused]] const bool isNew,
        logins->identities.insert({who.issuer, who.subject, user->id, m_parts.clock.wall()}));
    TRY_VOID(record(tables, visitor, u"identity.link"_s, *user, {},
                    {{u"issuer"_s, who.issuer}, {u"subject"_s, who.subject}}));
    return *std::move(user);
}

Result<std::optional<User>> SsoService::known(store::ControlTables &tables,
                                              const auth::OidcIdentity &who)
{
    TRY(store::LoginTables *const logins, m_parts.store.logins());
    TRY(const std::optional<QString> id, logins->identities.find(who.issuer, who.subject));
    if (!id) {
        return std::nullopt;
    }
    TRY(std::optional<User> user, tables.users.find({*id}));
    if (!user) {
        return failure(auth::refused(u"the user %1 was removed"_s.arg(*id)));
    }
    return user;
}

/// Who logs in for the first time may be here all the same: a directory that provisions by SCIM told of them by the
/// provider's own id, or somebody has their address, which then has to be verified.
Result<std::optional<User>> SsoService::unlinked(store::ControlTables &tables,
                                                 const auth::OidcIdentity &who)
{
    std::optional<User> user;
    TRY(std::optional<store::ScimUser> provisioned, tables.scim.userByExternalId(who.subject));
    if (provisioned) {
        user = std::move(provisioned->user);
    } else {
        TRY_VOID(checkAddress(who));
        TRY(user, tables.userByEmail(who.email));
    }
    if (!user) {
        return std::nullopt;
    }
    // Taken once: who is known to the issuer already is somebody else.
    TRY(store::LoginTables *const logins, m_parts.store.logins());
    TRY(const auto others, logins->identities.ofUser(user->id));
    if (std::ranges::contains(others, who.issuer, &store::IdentityRow::issuer)) {
        return failure(
            auth::refused(u"the user %1 is another subject of the issuer"_s.arg(user->id)));
    }
    return user;
}

Result<void> SsoService::checkAddress(const auth::OidcIdentity &who) const
{
    if (who.email.isEmpty() || !who.email.contains(u'@')) {
        return failure(auth::refused(u"no e-mail address was told; ask for the scope 'email'"_s));
    }
    if (!who.isEmailVerified) {
        return failure(auth::refused(u"the address %1 is not verified"_s.arg(who.email)));
    }
    if (!m_settings.allowedDomains.isEmpty()
        && !m_settings.allowedDomains.contains(domainOf(who.email), Qt::CaseInsensitive)) {
        return failure(auth::refused(u"the address %1 is of no allowed domain"_s.arg(who.email)));
    }
    return {};
}

Result<User> SsoService::make(store::ControlTables &tables, const auth::OidcIdentity &who)
{
    if (!m_settings.createsUsers) {
        return failure(auth::refused(u"nobody has the address %1"_s.arg(who.email)));
    }
    const WallTime now = m_parts.clock.wall();
    User user;
    user.id = u"user-"_s + QString::fromLatin1(randomText(m_parts.random, 16));
    user.email = who.email;
    user.name = who.name;
    user.origin = UserOrigin::Sso;
    user.stamp = {.createdAt = now, .updatedAt = now, .revision = 1};
    TRY_VOID(tables.users.insert(user));
    return user;
}

/// What the configuration says of somebody's groups and address is their role, where it says anything.
Result<void> SsoService::applyRole(store::ControlTables &tables, const auth::OidcIdentity &who,
                                   const Visitor &visitor, User &user)
{
    const std::optional<PlatformRole> role = platformRoleOf(who, m_settings);
    if (!role || *role == user.role) {
        return {};
    }
    if (user.role == PlatformRole::Admin) {
        TRY(const QStringList admins, tables.lockAdmins());
        if (admins == QStringList{user.id}) {
            return refuseLast(tables, visitor, user, *role);
        }
    }
    const QJsonObject before = toJson(user);
    user.role = *role;
    user.stamp.updatedAt = m_parts.clock.wall();
    ++user.stamp.revision;
    TRY_VOID(tables.users.update(user));
    return record(tables, visitor, u"user.update"_s, user, before, toJson(user));
}

/// Without any admin nobody could give anybody a role again. The login goes on, and the log says why the role stays.
Result<void> SsoService::refuseLast(store::ControlTables &tables, const Visitor &visitor,
                                    const User &user, PlatformRole role)
{
    AuditEvent event = byUser(user, visitor);
    event.action = u"user.update"_s;
    event.targetKind = u"user"_s;
    event.targetId = user.id;
    event.targetName = user.email;
    event.before = toJson(user);
    event.after = event.before;
    event.after.insert("role"_L1, QString(enumName(role)));
    event.outcome = AuditOutcome::Denied;
    event.reason = u"The groups of the login take the role of the last platform admin away."_s;
    return tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
}

AuditEvent SsoService::byUser(const User &user, const Visitor &visitor) const
{
    AuditEvent event;
    event.at = m_parts.clock.wall();
    event.actorKind = AuditActor::Sso;
    event.actorId = user.id;
    event.actorName = user.email;
    event.authMethod = u"oidc"_s;
    event.ip = visitor.ip;
    event.userAgent = visitor.userAgent;
    event.requestId = visitor.requestId;
    return event;
}

Result<void> SsoService::record(store::ControlTables &tables, const Visitor &visitor,
                                const QString &action, const User &user, const QJsonObject &before,
                                const QJsonObject &after)
{
    AuditEvent event = byUser(user, visitor);
    event.action = action;
    event.targetKind = u"user"_s;
    event.targetId = user.id;
    event.targetName = user.email;
    event.before = before;
    event.after = after;
    return tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
}

} // namespace delta::identity
