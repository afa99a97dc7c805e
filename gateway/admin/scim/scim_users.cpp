#include "gateway/admin/scim/scim_users.h"

#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_group_effects.h"
#include "gateway/admin/scim/scim_patch.h"
#include "gateway/admin/scim/scim_reply.h"
#include "gateway/admin/scim/scim_values.h"
#include "gateway/admin/scim/scim_work.h"

#include <QJsonArray>
#include <QStringList>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

using store::ControlTables;
using store::ScimUser;

constexpr std::array keys{"id"_L1, "userName"_L1, "externalId"_L1};

const Block deactivated{true, u"Deactivated by the directory (SCIM)."_s};
const Block removed{true, u"Removed by the directory (SCIM)."_s};

/// Returns the names of attributes that are not the same in both.
QJsonArray changedNames(const QJsonObject &before, const QJsonObject &after)
{
    QStringList names = before.keys() + after.keys();
    names.removeIf([&](const QString &name) { return before.value(name) == after.value(name); });
    names.sort();
    names.removeDuplicates();
    return QJsonArray::fromStringList(names);
}

ApiError notThere()
{
    return ApiError::notFound(u"The directory has provisioned no such user."_s, u"id"_s,
                              u"user_not_found"_s);
}

/// Says whether somebody may do more here than use models: to take them over is no directory's to do.
Result<bool> isAdministrator(ControlTables &tables, const User &user)
{
    TRY(const store::Memberships memberships, tables.membershipsOf(user.id));
    return user.role != PlatformRole::None
        || std::ranges::any_of(memberships.organizations, [](const OrganizationMember &member) {
               return member.role != OrganizationRole::Viewer;
           });
}

} // namespace

std::vector<AdminRoute> ScimUsers::routes()
{
    const auto route = [this](const char *method, const char *pattern, auto member) {
        return AdminRoute{method, pattern,
                          [this, member](const AdminCall &call) { return (this->*member)(call); }};
    };
    return {route("GET", "/scim/v2/Users", &ScimUsers::list),
            route("POST", "/scim/v2/Users", &ScimUsers::create),
            route("GET", "/scim/v2/Users/{id}", &ScimUsers::show),
            route("PUT", "/scim/v2/Users/{id}", &ScimUsers::replace),
            route("PATCH", "/scim/v2/Users/{id}", &ScimUsers::change),
            route("DELETE", "/scim/v2/Users/{id}", &ScimUsers::remove)};
}

Shelf<ScimUser> ScimUsers::shelf(Tables &tables) const
{
    return {.count = [&tables] { return tables.scim.userCount(); },
            .slice = [&tables](const store::ScimSlice &slice) { return tables.scim.users(slice); },
            .find =
                [&tables](const Lookup &lookup) {
                    return lookup.attribute->name == "id"_L1 ? tables.scim.user(lookup.value)
                        : lookup.attribute->name == "userName"_L1
                        ? tables.scim.userByName(lookup.value)
                        : tables.scim.userByExternalId(lookup.value);
                },
            .describe = [this, &tables](const ScimUser &user,
                                        Detail detail) { return describe(tables, user, detail); },
            .keys = keys,
            .lookedUp = "groups"_L1};
}

Result<QJsonObject> ScimUsers::describe(Tables &tables, const ScimUser &user, Detail detail) const
{
    std::vector<store::ScimGroup> groups;
    if (detail == Detail::WithLists) {
        TRY(groups, tables.scim.groupsOf(user.user.id));
    }
    return userJson(user, groups);
}

Result<Answer> ScimUsers::list(const AdminCall &call)
{
    TRY(const ListWish wish, readListWish(userType(), call.query));
    return looking(m_room, [&](Tables &tables) { return scim::list(shelf(tables), wish); });
}

Result<Answer> ScimUsers::show(const AdminCall &call)
{
    return looking(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(const ScimUser user, find(tables, call));
        if (isKnownVersion(call.request, user.user.stamp.revision)) {
            return notChanged(user.user.stamp.revision);
        }
        return answer(tables, call, user.user.id);
    });
}

Result<Answer> ScimUsers::create(const AdminCall &call)
{
    TRY(QJsonObject resource, readResource(userType(), call.body));
    TRY(const UserWish wish, readUser(std::move(resource)));
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY_VOID(checkUnique(tables, wish, {}));
        std::optional<User> known;
        if (!wish.email.isEmpty()) {
            TRY(known, tables.userByEmail(wish.email));
        }
        TRY(User user,
            known ? adopt(tables, call, wish, *std::move(known)) : make(tables, call, wish));
        TRY_VOID(setActive(tables, call, user, wish.isActive));
        return answer(tables, call, user.id, 201);
    });
}

Result<Answer> ScimUsers::replace(const AdminCall &call)
{
    TRY(QJsonObject resource, readResource(userType(), call.body));
    TRY(const UserWish wish, readUser(std::move(resource)));
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(const ScimUser user, find(tables, call));
        TRY_VOID(checkVersion(call.request, user.user.stamp.revision));
        TRY_VOID(update(tables, call, wish, user));
        return answer(tables, call, user.user.id);
    });
}

Result<Answer> ScimUsers::change(const AdminCall &call)
{
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(const ScimUser user, find(tables, call));
        TRY_VOID(checkVersion(call.request, user.user.stamp.revision));
        TRY(QJsonObject resource, applyPatch(userType(), settableJson(user), call.body));
        TRY(const UserWish wish, readUser(std::move(resource)));
        TRY_VOID(update(tables, call, wish, user));
        return answer(tables, call, user.user.id);
    });
}

/// Who is removed is blocked, and stays as who spent what they spent; the directory does not know them any more.
Result<Answer> ScimUsers::remove(const AdminCall &call)
{
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(ScimUser found, find(tables, call));
        User &user = found.user;
        TRY_VOID(checkVersion(call.request, user.stamp.revision));
        if (!user.block.isBlocked) {
            TRY_VOID(m_room.users.put(tables, call, user, removed));
        }
        TRY(const auth::OidcSettings known, m_room.effects.known(tables));
        TRY(const QJsonObject before, recorded(tables, user, found.facts));
        TRY_VOID(tables.scim.removeUser(user.id));
        user.origin = UserOrigin::Local;
        TRY_VOID(m_room.users.write(tables, user));
        TRY(const QJsonObject after, m_room.users.describe(tables, user));
        TRY_VOID(m_room.users.record(tables, call, "unlink", user, before, after));
        TRY_VOID(m_room.effects.apply(tables, call, known, user.id));
        return emptyAnswer();
    });
}

Result<ScimUser> ScimUsers::find(Tables &tables, const AdminCall &call) const
{
    TRY(std::optional<ScimUser> found, tables.scim.user(call.pathText(0)));
    if (!found) {
        return failure(notThere());
    }
    return *std::move(found);
}

Result<Answer> ScimUsers::answer(Tables &tables, const AdminCall &call, const QString &userId,
                                 int status) const
{
    TRY(const std::optional<ScimUser> user, tables.scim.user(userId));
    if (!user) {
        return failure(notThere());
    }
    const Projection projection = readProjection(userType(), call.query);
    TRY(const QJsonObject resource, describe(tables, *user, Detail::WithLists));
    return projected(resource, projection, status);
}

Result<void> ScimUsers::checkUnique(Tables &tables, const UserWish &wish,
                                    const QString &userId) const
{
    const auto isOther = [&userId](const std::optional<ScimUser> &user) {
        return user && user->user.id != userId;
    };
    TRY(const auto byName, tables.scim.userByName(wish.facts.userName));
    if (isOther(byName)) {
        return failure(
            scimError(uniqueness, u"'userName' is that of another user."_s, u"userName"_s));
    }
    TRY(const auto byId, tables.scim.userByExternalId(wish.facts.externalId));
    if (isOther(byId)) {
        return failure(
            scimError(uniqueness, u"'externalId' is that of another user."_s, u"externalId"_s));
    }
    return {};
}

Result<User> ScimUsers::make(Tables &tables, const AdminCall &call, const UserWish &wish)
{
    const WallTime now = m_room.control.clock.wall();
    User user;
    user.id = u"user-"_s + QString::fromLatin1(randomText(m_room.control.random, 16));
    user.email = wish.email;
    user.name = wish.name;
    user.origin = UserOrigin::Scim;
    user.stamp = {.createdAt = now, .updatedAt = now, .revision = 1};
    TRY_VOID(tables.users.insert(user));
    TRY_VOID(tables.scim.insertUser(user.id, wish.facts));
    TRY(const auto team, tables.teams.find({m_settings.people.defaultTeam}));
    if (team) {
        TRY_VOID(tables.teamMembers.insert(
            {.teamId = team->id, .userId = user.id, .role = TeamRole::Viewer, .createdAt = now}));
    }
    TRY(const QJsonObject after, recorded(tables, user, wish.facts));
    TRY_VOID(m_room.users.record(tables, call, "create", user, {}, after));
    return user;
}

Result<User> ScimUsers::adopt(Tables &tables, const AdminCall &call, const UserWish &wish,
                              User user)
{
    TRY(const auto provisioned, tables.scim.user(user.id));
    if (provisioned) {
        return failure(scimError(
            uniqueness, u"The address in 'emails' or 'userName' is that of another user."_s,
            u"emails"_s));
    }
    TRY(const bool isProtected, isAdministrator(tables, user));
    if (user.origin == UserOrigin::Local && isProtected) {
        return failure(scimError(
            uniqueness,
            u"The address is that of an administrator whom the gateway's own admins keep, and whom "
            u"no "
            "directory takes over. An admin may take the role away, and give it again afterwards."_s,
            u"emails"_s));
    }
    TRY(const QJsonObject before, m_room.users.describe(tables, user));
    user.origin = UserOrigin::Scim;
    user.name = wish.name;
    TRY_VOID(m_room.users.write(tables, user));
    TRY_VOID(tables.scim.insertUser(user.id, wish.facts));
    TRY(const QJsonObject after, recorded(tables, user, wish.facts));
    TRY_VOID(m_room.users.record(tables, call, "link", user, before, after));
    return user;
}

Result<void> ScimUsers::update(Tables &tables, const AdminCall &call, const UserWish &wish,
                               ScimUser found)
{
    User &user = found.user;
    const bool isOther = found.facts != wish.facts || user.email != wish.email
        || user.name != wish.name;
    if (isOther) {
        TRY_VOID(checkUnique(tables, wish, user.id));
        TRY(const auto other, tables.userByEmail(wish.email));
        if (other && other->id != user.id) {
            return failure(scimError(
                uniqueness, u"The address in 'emails' or 'userName' is that of another user."_s,
                u"emails"_s));
        }
        TRY(const QJsonObject before, recorded(tables, user, found.facts));
        user.email = wish.email;
        user.name = wish.name;
        TRY_VOID(m_room.users.write(tables, user));
        TRY_VOID(tables.scim.updateUser(user.id, wish.facts));
        TRY(QJsonObject after, recorded(tables, user, wish.facts));
        after.insert("scim_changed"_L1,
                     changedNames(found.facts.attributes, wish.facts.attributes));
        TRY_VOID(m_room.users.record(tables, call, "update", user, before, after));
    }
    return setActive(tables, call, user, wish.isActive);
}

/// A block by an admin is the admin's to end.
Result<void> ScimUsers::setActive(Tables &tables, const AdminCall &call, User &user, bool isActive)
{
    if (!isActive && !user.block.isBlocked) {
        return m_room.users.put(tables, call, user, deactivated);
    }
    if (isActive && (user.block == deactivated || user.block == removed)) {
        return m_room.users.put(tables, call, user, {});
    }
    return {};
}

/// The audit log, which forgets nothing, is told what the directory calls a user, and of the rest only what there is.
Result<QJsonObject> ScimUsers::recorded(Tables &tables, const User &user,
                                        const store::ScimFacts &facts) const
{
    TRY(QJsonObject json, m_room.users.describe(tables, user));
    json.insert("scim_user_name"_L1, facts.userName);
    json.insert("scim_external_id"_L1, facts.externalId);
    json.insert("scim_attributes"_L1, QJsonArray::fromStringList(facts.attributes.keys()));
    return json;
}

} // namespace delta::admin::scim
