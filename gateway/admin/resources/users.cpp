#include "gateway/admin/resources/kinds.h"
#include "gateway/admin/resources/last_admin.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

constexpr GovernedScope scope{BudgetScope::User, RateScope::User};

Result<Placement> placeOf(ControlTables &, const User &object)
{
    return Placement{
        .organizationId = {}, .teamId = {}, .userId = object.id, .serviceAccountId = {}};
}

Result<void> check(ControlTables &tables, const AdminCall &call, const User &object,
                   const User *before)
{
    if (object.email != object.email.toLower()) {
        return failure(ApiError::invalidRequest(u"'email' must be in lower case."_s, u"email"_s));
    }
    const bool isTheirs = before && before->origin == UserOrigin::Scim
        && (before->email != object.email || before->name != object.name);
    if (isTheirs) {
        return failure(ApiError::invalidRequest(
            u"A directory keeps the address and the name of this user (SCIM); change them there."_s,
            before->email != object.email ? u"email"_s : u"name"_s));
    }
    const bool isOwnRole = before && call.caller.kind == CallerKind::User
        && call.caller.id == object.id && before->role != object.role;
    if (isOwnRole) {
        ApiError error = ApiError::permissionDenied(
            u"Nobody may change their own role; ask another admin."_s);
        error.param = u"role"_s;
        return failure(std::move(error));
    }
    const bool isDemoted = before && before->role == PlatformRole::Admin
        && object.role != PlatformRole::Admin;
    return isDemoted ? keepLastAdmin(tables, call, *before) : Result<void>();
}

Result<void> leave(ControlTables &tables, const User &object)
{
    TRY(const qint64 keys, tables.count("keys/count_of_user"_L1, object.id));
    if (keys > 0) {
        return failure(ApiError::conflict(
            u"The user still owns %1 keys. Remove or hand them over first, or block the user."_s
                .arg(keys)));
    }
    return {};
}

QJsonObject placesJson(const store::Memberships &memberships)
{
    QJsonArray organizations;
    for (const OrganizationMember &member : memberships.organizations) {
        organizations.append(QJsonObject{{"organization_id"_L1, member.organizationId},
                                         {"role"_L1, QString(enumName(member.role))}});
    }
    QJsonArray teams;
    for (const TeamMember &member : memberships.teams) {
        teams.append(QJsonObject{{"team_id"_L1, member.teamId},
                                 {"role"_L1, QString(enumName(member.role))}});
    }
    return QJsonObject{{"organizations"_L1, organizations}, {"teams"_L1, teams}};
}

Result<std::vector<QJsonObject>> workOut(ControlTables &tables, std::span<const User> objects)
{
    const QStringList ids = textsOf(objects, &User::id);
    TRY(const auto memberships, tables.membershipsOf(ids));
    TRY(const auto keys, tables.counts("keys/count_of_user"_L1, ids));
    return jsonOfEach(objects, [&](const User &object) {
        QJsonObject json = placesJson(memberships.value(object.id));
        json.insert("key_count"_L1, keys.value(object.id));
        return json;
    });
}

} // namespace

Result<void> keepLastAdmin(ControlTables &tables, const AdminCall &call, const User &user)
{
    const bool isAdmin = user.role == PlatformRole::Admin && !user.block.isBlocked;
    if (!isAdmin || call.caller.kind == CallerKind::Master) {
        return {};
    }
    TRY(const QStringList admins, tables.lockAdmins());
    if (admins == QStringList{user.id}) {
        return failure(ApiError::conflict(
            u"This is the last platform admin who is not blocked. Make another user an admin first."_s));
    }
    return {};
}

const EntityKind<User> &userKind()
{
    static const EntityKind<User> kind{.name = "user"_L1,
                                       .path = "/ui/api/users"_ba,
                                       .prefix = "user-"_L1,
                                       .id = &User::id,
                                       .title = &User::email,
                                       .block = &User::block,
                                       .stamp = &User::stamp,
                                       .read = Permission::UserRead,
                                       .table = &ControlTables::users,
                                       .scope = scope,
                                       .place = placeOf,
                                       .check = check,
                                       .leave = leave,
                                       .stop = keepLastAdmin,
                                       .workOut = workOut};
    return kind;
}

} // namespace delta::admin
