#pragma once

#include "gateway/admin/litellm/common_fields.h"
#include "gateway/admin/litellm/resource.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

#include <functional>
#include <span>
#include <vector>

namespace delta::admin::litellm {

/// The members of teams, or of organisations.
struct MemberKind {
    QByteArray path;              ///< "/ui/api/teams/{team_id}/members"
    QLatin1StringView groupField; ///< "team_id"
    QLatin1StringView roleField;  ///< Where a role is shown: "role".
    std::span<const RoleRow> roles;
};

/// Somebody who is to be one.
struct NewMember {
    QString userId;
    QJsonValue role; ///< Ours.
};

/// Takes the members out of a request: an object of `user_id` or `user_email`, and `role`, or a list of at most 200 of
/// them; none where the field is missing or null. Errors: InvalidRequest naming the field.
[[nodiscard]] Result<std::vector<NewMember>> takeMembers(const Steps &steps, const AdminCall &call,
                                                         const MemberKind &kind,
                                                         QJsonObject &request,
                                                         QLatin1StringView field);
/// Makes users members of a group. Errors: those of the route, by the names of the request.
[[nodiscard]] Result<void> addMembers(const Steps &steps, const AdminCall &call,
                                      const MemberKind &kind, const QString &groupId,
                                      const std::vector<NewMember> &members);
/// Returns all members of a group as LiteLLM shows them. Errors: those of the route.
[[nodiscard]] Result<QJsonArray> membersOf(const Steps &steps, const AdminCall &call,
                                           const MemberKind &kind, const QString &groupId);
/// Shows members as memberships of a group.
[[nodiscard]] QJsonArray membershipsOf(const QJsonArray &members, const MemberKind &kind,
                                       const QString &groupId);

/// Answers a request to add members. `show` makes the answer of the group's id and of what was added:
/// `updated_users` and `memberships`.
[[nodiscard]] Result<Answer> addMembersTo(
    const Steps &steps, const AdminCall &call, const MemberKind &kind,
    const std::function<Result<QJsonObject>(const QString &groupId, QJsonObject added)> &show);
/// Answers a request to remove one.
[[nodiscard]] Result<Answer> removeMemberOf(
    const Steps &steps, const AdminCall &call, const MemberKind &kind,
    const std::function<Result<QJsonObject>(const QString &groupId)> &show);

} // namespace delta::admin::litellm
