#include "gateway/identity/sso_memberships.h"

#include "shared/json/json_codec.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::identity {

namespace {

using store::ControlTables;

/// How somebody is a member of a team.
struct InTeam {
    using Member = TeamMember;
    using Role = TeamRole;
    static constexpr auto name = "team_member"_L1;
    static constexpr auto table = &ControlTables::teamMembers;

    static Member make(const QString &groupId, const User &user, Role role, WallTime now)
    {
        return {.teamId = groupId, .userId = user.id, .role = role, .createdAt = now};
    }
    /// Returns whether there is such a group, and fills in who may read of it.
    static Result<bool> place(ControlTables &tables, const QString &groupId, AuditEvent &event)
    {
        TRY(const std::optional<Team> team, tables.teams.find({groupId}));
        event.teamId = groupId;
        event.organizationId = team ? team->organizationId : QString();
        return team.has_value();
    }
    static Result<QString> leave(ControlTables &tables, const QString &groupId, const User &user,
                                 WallTime now)
    {
        TRY(const int blocked,
            tables.keyTables.blockOfMember(groupId, user.id,
                                           u"Its user is no longer a member of the team."_s, now));
        return blocked > 0 ? u"%1 keys were blocked"_s.arg(blocked) : QString();
    }
};

/// The same of an organisation.
struct InOrganization {
    using Member = OrganizationMember;
    using Role = OrganizationRole;
    static constexpr auto name = "organization_member"_L1;
    static constexpr auto table = &ControlTables::organizationMembers;

    static Member make(const QString &groupId, const User &user, Role role, WallTime now)
    {
        return {.organizationId = groupId, .userId = user.id, .role = role, .createdAt = now};
    }
    static Result<bool> place(ControlTables &tables, const QString &groupId, AuditEvent &event)
    {
        event.organizationId = groupId;
        return tables.organizations.find({groupId}).transform(
            [](const auto &found) { return found.has_value(); });
    }
    static Result<QString> leave(ControlTables &, const QString &, const User &, WallTime)
    {
        return QString();
    }
};

} // namespace

Result<void> SsoMemberships::welcome(const QString &teamId, const User &user)
{
    return settle<InTeam>(teamId, user, TeamRole::Viewer);
}

Result<void> SsoMemberships::apply(const std::vector<GroupPlace> &places, const User &user)
{
    for (const GroupPlace &place : places) {
        TRY_VOID(place.isTeam ? settle<InTeam>(place.id, user, place.teamRole)
                              : settle<InOrganization>(place.id, user, place.organizationRole));
    }
    return {};
}

/// Finds, compares, changes, records.
template <typename Kind>
Result<void> SsoMemberships::settle(const QString &groupId, const User &user,
                                    std::optional<typename Kind::Role> role)
{
    auto &table = m_tables.*Kind::table;
    AuditEvent event = m_by;
    TRY(const bool isThere, Kind::place(m_tables, groupId, event));
    TRY(const std::optional<typename Kind::Member> before, table.find({groupId, user.id}));
    if (!isThere || (!before && !role) || (before && role && before->role == *role)) {
        return {};
    }
    event.before = before ? toJson(*before) : QJsonObject();
    if (!role) {
        TRY_VOID(table.remove({groupId, user.id}));
        TRY(event.reason, Kind::leave(m_tables, groupId, user, m_by.at));
        return record(Kind::name + ".remove"_L1, user, groupId, event);
    }
    const typename Kind::Member after = Kind::make(groupId, user, *role,
                                                   before ? before->createdAt : m_by.at);
    event.after = toJson(after);
    if (before) {
        TRY_VOID(table.update(after));
        return record(Kind::name + ".update"_L1, user, groupId, event);
    }
    TRY_VOID(table.insert(after));
    return record(Kind::name + ".add"_L1, user, groupId, event);
}

Result<void> SsoMemberships::record(const QString &action, const User &user, const QString &groupId,
                                    const AuditEvent &change)
{
    AuditEvent event = change;
    event.action = action;
    event.targetKind = action.section(u'.', 0, 0);
    event.targetId = user.id;
    event.targetName = groupId;
    return m_tables.audit.append(std::move(event)).transform([](const AuditEvent &) { });
}

} // namespace delta::identity
