#include "gateway/admin/scim/scim_groups.h"

#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/scim/scim_error.h"
#include "gateway/admin/scim/scim_patch.h"
#include "gateway/admin/scim/scim_reply.h"
#include "gateway/admin/scim/scim_values.h"
#include "gateway/admin/scim/scim_work.h"
#include "shared/core/quoted.h"
#include "shared/models/text_rules.h"

#include <QJsonArray>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin::scim {

namespace {

using store::ScimGroup;

constexpr std::array keys{"id"_L1, "displayName"_L1, "externalId"_L1};
/// Of whom the audit log tells by name in one record; each effect has a record of its own besides.
constexpr qsizetype mostRecorded = 100;

/// Returns what a directory may set of a group, as readResource() gives it.
QJsonObject settableJson(const ScimGroup &group, const QSet<QString> &members)
{
    QJsonObject json{{"displayName"_L1, group.displayName}};
    if (!group.externalId.isEmpty()) {
        json.insert("externalId"_L1, group.externalId);
    }
    QJsonArray list;
    for (const QString &member : members) {
        list.append(QJsonObject{{"value"_L1, member}});
    }
    if (!list.isEmpty()) {
        json.insert("members"_L1, list);
    }
    return json;
}

QJsonArray someOf(const QSet<QString> &members)
{
    QStringList names = members.values();
    names.sort();
    return QJsonArray::fromStringList(names.first(std::min(mostRecorded, names.size())));
}

/// Returns by what a group may be meant in the configuration.
QStringList namesOf(const ScimGroup &group)
{
    return group.externalId.isEmpty() ? QStringList{group.displayName}
                                      : QStringList{group.displayName, group.externalId};
}

QJsonObject recordedJson(const ScimGroup &group)
{
    return {{"group_id"_L1, group.id},
            {"display_name"_L1, group.displayName},
            {"external_id"_L1, group.externalId}};
}

} // namespace

std::vector<AdminRoute> ScimGroups::routes()
{
    const auto route = [this](const char *method, const char *pattern, auto member) {
        return AdminRoute{method, pattern,
                          [this, member](const AdminCall &call) { return (this->*member)(call); }};
    };
    return {route("GET", "/scim/v2/Groups", &ScimGroups::list),
            route("POST", "/scim/v2/Groups", &ScimGroups::create),
            route("GET", "/scim/v2/Groups/{id}", &ScimGroups::show),
            route("PUT", "/scim/v2/Groups/{id}", &ScimGroups::replace),
            route("PATCH", "/scim/v2/Groups/{id}", &ScimGroups::change),
            route("DELETE", "/scim/v2/Groups/{id}", &ScimGroups::remove)};
}

Shelf<ScimGroup> ScimGroups::shelf(Tables &tables) const
{
    return {.count = [&tables] { return tables.scim.groupCount(); },
            .slice = [&tables](const store::ScimSlice &slice) { return tables.scim.groups(slice); },
            .find =
                [&tables](const Lookup &lookup) {
                    return lookup.attribute->name == "id"_L1 ? tables.scim.group(lookup.value)
                        : lookup.attribute->name == "displayName"_L1
                        ? tables.scim.groupByName(lookup.value)
                        : tables.scim.groupByExternalId(lookup.value);
                },
            .describe = [this, &tables](const ScimGroup &group,
                                        Detail detail) { return describe(tables, group, detail); },
            .keys = keys,
            .lookedUp = "members"_L1};
}

Result<QJsonObject> ScimGroups::describe(Tables &tables, const ScimGroup &group,
                                         Detail detail) const
{
    const ResourceType &type = groupType();
    QJsonObject json = settableJson(group, {});
    json.insert("schemas"_L1, QJsonArray{QString(type.schema.id)});
    json.insert("id"_L1, group.id);
    json.insert("meta"_L1, metaOf(type, group.id, group.stamp));
    if (detail == Detail::Plain) {
        return json;
    }
    TRY(const auto members, tables.scim.membersOf(group.id));
    QJsonArray list;
    for (const store::ScimMember &member : members) {
        list.append(QJsonObject{{"value"_L1, member.userId},
                                {"$ref"_L1, locationOf(userType(), member.userId)},
                                {"display"_L1, member.name},
                                {"type"_L1, u"User"_s}});
    }
    json.insert("members"_L1, list);
    return json;
}

Result<ScimGroups::Wish> ScimGroups::readGroup(const QJsonObject &resource)
{
    Wish wish;
    wish.displayName = resource.value("displayName"_L1).toString().trimmed();
    wish.externalId = resource.value("externalId"_L1).toString();
    TRY_VOID(checkRequired(wish.displayName, u"displayName"_s));
    TRY_VOID(checkText(wish.externalId, u"externalId"_s));
    for (const QJsonValue member : resource.value("members"_L1).toArray()) {
        wish.members.insert(member["value"_L1].toString());
    }
    return wish;
}

Result<Answer> ScimGroups::list(const AdminCall &call)
{
    TRY(const ListWish wish, readListWish(groupType(), call.query));
    return looking(m_room, [&](Tables &tables) { return scim::list(shelf(tables), wish); });
}

Result<Answer> ScimGroups::show(const AdminCall &call)
{
    return looking(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(const ScimGroup group, find(tables, call));
        if (isKnownVersion(call.request, group.stamp.revision)) {
            return notChanged(group.stamp.revision);
        }
        return answer(tables, call, group);
    });
}

Result<Answer> ScimGroups::create(const AdminCall &call)
{
    TRY(const QJsonObject resource, readResource(groupType(), call.body));
    TRY(const Wish wish, readGroup(resource));
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY_VOID(checkWish(tables, wish, {}));
        const WallTime now = m_room.control.clock.wall();
        ScimGroup group{.id = u"group-"_s
                            + QString::fromLatin1(randomText(m_room.control.random, 16)),
                        .displayName = wish.displayName,
                        .nameKey = store::ScimTables::nameKey(wish.displayName),
                        .externalId = wish.externalId,
                        .stamp = {.createdAt = now, .updatedAt = now, .revision = 1}};
        TRY_VOID(tables.scim.insertGroup(group));
        TRY(const auth::OidcSettings known, m_room.effects.known(tables));
        for (const QString &member : wish.members) {
            TRY_VOID(tables.scim.addMember(group.id, member));
            TRY_VOID(m_room.effects.apply(tables, call, known, member));
        }
        QJsonObject after = recordedJson(group);
        after.insert("members_added"_L1, someOf(wish.members));
        TRY_VOID(record(tables, call, group, {.verb = "create", .after = after}));
        return answer(tables, call, group, 201);
    });
}

Result<Answer> ScimGroups::replace(const AdminCall &call)
{
    TRY(const QJsonObject resource, readResource(groupType(), call.body));
    TRY(const Wish wish, readGroup(resource));
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(ScimGroup group, find(tables, call));
        TRY_VOID(checkVersion(call.request, group.stamp.revision));
        TRY_VOID(settle(tables, call, wish, group));
        return answer(tables, call, group);
    });
}

/// Answers without the group, which may have very many members, unless its attributes are asked for.
Result<Answer> ScimGroups::change(const AdminCall &call)
{
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(ScimGroup group, find(tables, call));
        TRY_VOID(checkVersion(call.request, group.stamp.revision));
        TRY(const QSet<QString> members, membersOf(tables, group.id));
        TRY(const QJsonObject resource,
            applyPatch(groupType(), settableJson(group, members), call.body));
        TRY(const Wish wish, readGroup(resource));
        TRY_VOID(settle(tables, call, wish, group));
        if (call.query.hasQueryItem(u"attributes"_s)) {
            return answer(tables, call, group);
        }
        Answer none = emptyAnswer();
        none.headers.emplace_back("etag", versionOf(group.stamp.revision));
        return none;
    });
}

Result<Answer> ScimGroups::remove(const AdminCall &call)
{
    return changing(m_room, [&](Tables &tables) -> Result<Answer> {
        TRY(const ScimGroup group, find(tables, call));
        TRY_VOID(checkVersion(call.request, group.stamp.revision));
        TRY(const QSet<QString> members, membersOf(tables, group.id));
        TRY_VOID(tables.scim.removeGroup(group.id));
        TRY(const auth::OidcSettings known, m_room.effects.known(tables, namesOf(group)));
        for (const QString &member : members) {
            TRY_VOID(m_room.effects.apply(tables, call, known, member));
        }
        QJsonObject before = recordedJson(group);
        before.insert("members_removed"_L1, someOf(members));
        TRY_VOID(record(tables, call, group, {.verb = "delete", .before = before}));
        return emptyAnswer();
    });
}

Result<ScimGroup> ScimGroups::find(Tables &tables, const AdminCall &call) const
{
    TRY(std::optional<ScimGroup> found, tables.scim.group(call.pathText(0)));
    if (!found) {
        return failure(ApiError::notFound(u"The directory has provisioned no such group."_s,
                                          u"id"_s, u"group_not_found"_s));
    }
    return *std::move(found);
}

Result<Answer> ScimGroups::answer(Tables &tables, const AdminCall &call, const ScimGroup &group,
                                  int status) const
{
    const Projection projection = readProjection(groupType(), call.query);
    const Detail detail = projection.has("members"_L1) ? Detail::WithLists : Detail::Plain;
    TRY(const QJsonObject resource, describe(tables, group, detail));
    return projected(resource, projection, status);
}

Result<void> ScimGroups::checkWish(Tables &tables, const Wish &wish, const QString &groupId) const
{
    const auto isOther = [&groupId](const std::optional<ScimGroup> &group) {
        return group && group->id != groupId;
    };
    TRY(const auto byName, tables.scim.groupByName(wish.displayName));
    if (isOther(byName)) {
        return failure(
            scimError(uniqueness, u"'displayName' is that of another group."_s, u"displayName"_s));
    }
    TRY(const auto byId, tables.scim.groupByExternalId(wish.externalId));
    if (isOther(byId)) {
        return failure(
            scimError(uniqueness, u"'externalId' is that of another group."_s, u"externalId"_s));
    }
    TRY(const QSet<QString> there, membersOf(tables, groupId));
    for (const QString &member : wish.members - there) {
        TRY(const auto user, tables.scim.user(member));
        if (!user) {
            return failure(scimError(
                invalidValue,
                u"'members' names %1, which is no user of the directory; groups cannot be members."_s
                    .arg(quoted(member)),
                u"members"_s));
        }
    }
    return {};
}

/// Makes a group what it is to be, and its members what that means.
Result<void> ScimGroups::settle(Tables &tables, const AdminCall &call, const Wish &wish,
                                ScimGroup &group)
{
    TRY_VOID(checkWish(tables, wish, group.id));
    TRY(const QSet<QString> there, membersOf(tables, group.id));
    const QSet<QString> added = wish.members - there;
    const QSet<QString> gone = there - wish.members;
    const bool isRenamed = group.displayName != wish.displayName
        || group.externalId != wish.externalId;
    if (!isRenamed && added.isEmpty() && gone.isEmpty()) {
        return {};
    }
    const ScimGroup former = group;
    group.displayName = wish.displayName;
    group.nameKey = store::ScimTables::nameKey(wish.displayName);
    group.externalId = wish.externalId;
    group.stamp.updatedAt = m_room.control.clock.wall();
    ++group.stamp.revision;
    TRY(const bool isWritten, tables.scim.updateGroup(group));
    if (!isWritten) {
        return failure(ApiError::preconditionFailed(
            u"Somebody else changed it at this moment. Read it again and decide."_s));
    }
    for (const QString &member : added) {
        TRY_VOID(tables.scim.addMember(group.id, member));
    }
    for (const QString &member : gone) {
        TRY_VOID(tables.scim.removeMember(group.id, member));
    }
    TRY(const auth::OidcSettings known, m_room.effects.known(tables, namesOf(former)));
    for (const QSet<QString> &members :
         {added, isRenamed ? there : gone}) { // An admin comes first.
        for (const QString &member : members) {
            TRY_VOID(m_room.effects.apply(tables, call, known, member));
        }
    }
    QJsonObject after = recordedJson(group);
    after.insert("members_added"_L1, someOf(added));
    after.insert("members_removed"_L1, someOf(gone));
    return record(tables, call, group,
                  {.verb = "update", .before = recordedJson(former), .after = after});
}

Result<void> ScimGroups::record(Tables &tables, const AdminCall &call, const ScimGroup &group,
                                const Recorded &what) const
{
    return recordChange(tables, call,
                        {.action = u"scim_group."_s + QLatin1StringView(what.verb),
                         .kind = u"scim_group"_s,
                         .id = group.id,
                         .name = group.displayName,
                         .place = {},
                         .before = what.before,
                         .after = what.after,
                         .reason = {}},
                        m_room.control.clock.wall());
}

Result<QSet<QString>> ScimGroups::membersOf(Tables &tables, const QString &groupId) const
{
    QSet<QString> ids;
    TRY(const auto members, tables.scim.membersOf(groupId));
    for (const store::ScimMember &member : members) {
        ids.insert(member.userId);
    }
    return ids;
}

} // namespace delta::admin::scim
