#include "gateway/admin/resources/member_api.h"

#include "gateway/admin/api_job.h"
#include "gateway/admin/contract/change_record.h"
#include "gateway/admin/contract/list_query.h"
#include "gateway/admin/resources/entity_kind.h"
#include "gateway/admin/resources/member_kind.h"
#include "shared/json/json_codec.h"
#include "shared/models/member.h"

#include <QJsonArray>

#include <memory>
#include <optional>
#include <span>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

/// The routes of one kind. Lives in its handlers.
template <Described Member>
class MemberApi
{
public:
    MemberApi(const ControlRoom &room, MemberKind<Member> kind)
        : m_room(room)
        , m_kind(std::move(kind))
    {
    }

    [[nodiscard]] Result<Answer> list(const AdminCall &call)
    {
        QJsonObject page;
        TRY_VOID(m_room.store.look([&](ControlTables &tables) -> Result<void> {
            auto &table = tables.*m_kind.table;
            TRY(store::ListQuestion question, readListQuery(call.query, table.shape()));
            question.skip = call.skip;
            question.reach.isAll = true; // Who may see the group may see who is in it.
            question.filters.emplace_back(m_kind.group, QStringList{call.pathText(0)});
            TRY(const store::ListPage<Member> found, table.list(question));
            TRY(const std::vector<QJsonObject> described, describe(tables, std::span(found.items)));
            QJsonArray items;
            for (const QJsonObject &item : described) {
                items.append(item);
            }
            page = pageJson(found, question, items);
            return {};
        }));
        return jsonAnswer(page);
    }

    [[nodiscard]] Result<Answer> add(const AdminCall &call)
    {
        Member member{};
        TRY_VOID(applyPatch(withoutNulls(call.body), member));
        member.*m_kind.groupId = call.pathText(0);
        member.*m_kind.createdAt = m_room.clock.wall();
        return changing([&](ControlTables &tables) -> Result<Answer> {
            TRY_VOID(checkNew(tables, member));
            TRY_VOID(m_kind.check(tables, call, nullptr, &member));
            TRY_VOID((tables.*m_kind.table).insert(member));
            TRY_VOID(record(tables, call, "add", member, {}, toJson(member)));
            TRY(const QJsonObject json, describe(tables, member));
            return createdAnswer(json,
                                 QString::fromLatin1(call.request.path.toByteArray()) + u'/'
                                     + member.*m_kind.userId);
        });
    }

    [[nodiscard]] Result<Answer> change(const AdminCall &call)
    {
        return changing([&](ControlTables &tables) -> Result<Answer> {
            TRY(const Member before, find(tables, call));
            Member after = before;
            TRY_VOID(applyPatch(call.body, after));
            if (after.*m_kind.userId != before.*m_kind.userId) {
                return failure(
                    ApiError::invalidRequest(u"'user_id' cannot be changed."_s, u"user_id"_s));
            }
            TRY_VOID(m_kind.check(tables, call, &before, &after));
            TRY_VOID((tables.*m_kind.table).update(after));
            if (after != before) {
                TRY_VOID(record(tables, call, "update", after, toJson(before), toJson(after)));
            }
            TRY(const QJsonObject json, describe(tables, after));
            return jsonAnswer(json);
        });
    }

    [[nodiscard]] Result<Answer> remove(const AdminCall &call)
    {
        return changing([&](ControlTables &tables) -> Result<Answer> {
            TRY(const Member member, find(tables, call));
            TRY_VOID(m_kind.check(tables, call, &member, nullptr));
            TRY_VOID(
                (tables.*m_kind.table).remove({member.*m_kind.groupId, member.*m_kind.userId}));
            QString besides;
            if (m_kind.leave) {
                TRY(besides, m_kind.leave(tables, member, m_room.clock.wall()));
            }
            TRY_VOID(record(tables, call, "remove", member, toJson(member), {}, besides));
            return emptyAnswer();
        });
    }

private:
    template <typename Work>
    [[nodiscard]] Result<Answer> changing(const Work &work)
    {
        Answer answer;
        TRY_VOID(m_room.store.change([&](ControlTables &tables) -> Result<void> {
            TRY(answer, work(tables));
            return {};
        }));
        m_room.refresh();
        return answer;
    }

    [[nodiscard]] Result<void> checkNew(ControlTables &tables, const Member &member)
    {
        TRY(const std::optional<User> user, tables.users.find({member.*m_kind.userId}));
        if (!user) {
            return failure(ApiError::invalidRequest(u"'user_id' names no user."_s, u"user_id"_s));
        }
        TRY(const std::optional<Member> there,
            (tables.*m_kind.table).find({member.*m_kind.groupId, member.*m_kind.userId}));
        if (there) {
            return failure(ApiError::conflict(
                u"The user is a member already; change the role instead."_s, u"user_id"_s));
        }
        return {};
    }

    [[nodiscard]] Result<Member> find(ControlTables &tables, const AdminCall &call)
    {
        TRY(std::optional<Member> found,
            (tables.*m_kind.table).find({call.pathText(0), call.pathText(1)}));
        if (!found) {
            return failure(ApiError::notFound(u"That user is no member of it."_s, u"user_id"_s,
                                              m_kind.name + u"_not_found"_s));
        }
        return *std::move(found);
    }

    [[nodiscard]] Result<QJsonObject> describe(ControlTables &tables, const Member &member)
    {
        TRY(std::vector<QJsonObject> described, describe(tables, std::span(&member, 1)));
        return std::move(described.front());
    }

    /// Shows who they are, too.
    [[nodiscard]] Result<std::vector<QJsonObject>> describe(ControlTables &tables,
                                                            std::span<const Member> members)
    {
        TRY(const auto users, tables.usersOf(textsOf(members, m_kind.userId)));
        return jsonOfEach(members, [&](const Member &member) {
            QJsonObject json = toJson(member);
            const User user = users.value(member.*m_kind.userId);
            json.insert("email"_L1, NullWhenEmpty<QString>::encode(user.email));
            json.insert("name"_L1, NullWhenEmpty<QString>::encode(user.name));
            json.insert("blocked"_L1, user.block.isBlocked);
            return json;
        });
    }

    [[nodiscard]] Result<void> record(ControlTables &tables, const AdminCall &call,
                                      const char *verb, const Member &member,
                                      const QJsonObject &before, const QJsonObject &after,
                                      const QString &reason = {})
    {
        TRY(const Placement place, m_kind.place(tables, member.*m_kind.groupId));
        return recordChange(tables, call,
                            {.action = m_kind.name + u'.' + QLatin1StringView(verb),
                             .kind = m_kind.name,
                             .id = member.*m_kind.userId,
                             .name = member.*m_kind.groupId,
                             .place = place,
                             .before = before,
                             .after = after,
                             .reason = reason},
                            m_room.clock.wall());
    }

    const ControlRoom &m_room;
    const MemberKind<Member> m_kind;
};

Result<Placement> placeOfTeam(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<Team> team, tables.teams.find({id}));
    return Placement{.organizationId = team ? team->organizationId : QString(),
                     .teamId = id,
                     .userId = {},
                     .serviceAccountId = {}};
}

Result<Placement> placeOfOrganization(ControlTables &, const QString &id)
{
    return Placement{.organizationId = id, .teamId = {}, .userId = {}, .serviceAccountId = {}};
}

Result<void> checkTeamMember(ControlTables &, const AdminCall &call, const TeamMember *before,
                             const TeamMember *after)
{
    const bool isSelf = call.caller.kind == CallerKind::User && before
        && before->userId == call.caller.id;
    if (isSelf && after && after->role > before->role) {
        ApiError error = ApiError::permissionDenied(u"Nobody may raise their own role."_s);
        error.param = u"role"_s;
        return failure(std::move(error));
    }
    return {};
}

/// Who is no longer of a team does not spend its money.
Result<QString> blockKeysOf(ControlTables &tables, const TeamMember &member, WallTime now)
{
    TRY(const int blocked,
        tables.keyTables.blockOfMember(member.teamId, member.userId,
                                       u"Its user is no longer a member of the team."_s, now));
    return blocked == 0 ? QString() : u"Blocked %1 of their keys."_s.arg(blocked);
}

/// Owners come and go by owners only, and one of them stays.
Result<void> checkOrganizationMember(ControlTables &tables, const AdminCall &call,
                                     const OrganizationMember *before,
                                     const OrganizationMember *after)
{
    const auto isOwner = [](const OrganizationMember *member) {
        return member && member->role == OrganizationRole::Owner;
    };
    if (isOwner(before) == isOwner(after)) {
        return {};
    }
    const QString id = before ? before->organizationId : after->organizationId;
    if (!call.caller.may(
            Permission::OrganizationOwn,
            {.organizationId = id, .teamId = {}, .userId = {}, .serviceAccountId = {}})) {
        ApiError error = ApiError::permissionDenied(
            u"Only an owner may say who owns an organisation."_s);
        error.param = u"role"_s;
        return failure(std::move(error));
    }
    TRY(const qint64 owners, tables.count("organization_members/count_owners"_L1, id));
    if (isOwner(before) && owners == 1 && !call.caller.mayEverywhere(Permission::PlatformManage)) {
        return failure(ApiError::conflict(u"It is the last owner; make somebody else one first."_s,
                                          u"role"_s));
    }
    return {};
}

template <Described Member>
void addRoutes(std::vector<AdminRoute> &routes, const ControlRoom &room, MemberKind<Member> kind)
{
    const QByteArray all = kind.path;
    const QByteArray one = all + "/{user_id}";
    const auto api = std::make_shared<MemberApi<Member>>(room, std::move(kind));
    const auto add = [&](const char *method, const QByteArray &pattern, auto member) {
        routes.push_back({method, pattern,
                          [api, member](const AdminCall &call) { return (*api.*member)(call); }});
    };
    add("GET", all, &MemberApi<Member>::list);
    add("POST", all, &MemberApi<Member>::add);
    add("PATCH", one, &MemberApi<Member>::change);
    add("DELETE", one, &MemberApi<Member>::remove);
}

} // namespace

std::vector<AdminRoute> memberRoutes(const ControlRoom &room)
{
    std::vector<AdminRoute> routes;
    addRoutes(routes, room,
              MemberKind<TeamMember>{.name = "team_member"_L1,
                                     .group = "team_id"_L1,
                                     .path = "/ui/api/teams/{team_id}/members"_ba,
                                     .groupId = &TeamMember::teamId,
                                     .userId = &TeamMember::userId,
                                     .createdAt = &TeamMember::createdAt,
                                     .table = &ControlTables::teamMembers,
                                     .place = placeOfTeam,
                                     .check = checkTeamMember,
                                     .leave = blockKeysOf});
    addRoutes(
        routes, room,
        MemberKind<OrganizationMember>{.name = "organization_member"_L1,
                                       .group = "organization_id"_L1,
                                       .path = "/ui/api/organizations/{organization_id}/members"_ba,
                                       .groupId = &OrganizationMember::organizationId,
                                       .userId = &OrganizationMember::userId,
                                       .createdAt = &OrganizationMember::createdAt,
                                       .table = &ControlTables::organizationMembers,
                                       .place = placeOfOrganization,
                                       .check = checkOrganizationMember});
    return routes;
}

} // namespace delta::admin
