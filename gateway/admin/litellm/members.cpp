#include "gateway/admin/litellm/members.h"

#include "gateway/admin/litellm/worked_out.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::admin::litellm {

namespace {

constexpr qsizetype mostMembers = 200;
constexpr qint64 pageSize = 200;

Result<NewMember> readMember(const Steps &steps, const AdminCall &call, const MemberKind &kind,
                             const QJsonValue &value, const QString &place)
{
    if (!value.isObject()) {
        return failure(ApiError::invalidRequest(u"'%1' must be an object."_s.arg(place), place));
    }
    QJsonObject member = value.toObject();
    NewMember made;
    TRY(made.userId, takeUser(steps, call, member, place + u'.'));
    TRY(made.role, takeRole(kind.roles, member.take("role"_L1), place + u".role"_s));
    TRY_VOID(checkRest(member, {u"user_id"_s, u"user_email"_s, u"role"_s}));
    return made;
}

QStringList idsOf(const std::vector<NewMember> &members)
{
    QStringList ids;
    for (const NewMember &member : members) {
        ids.append(member.userId);
    }
    return ids;
}

Result<void> add(const Steps &steps, const AdminCall &call, const MemberKind &kind,
                 const QString &groupId, const NewMember &member)
{
    return steps
        .ask(call,
             {.method = "POST",
              .pattern = kind.path,
              .path = {groupId.toUtf8()},
              .body = {{"user_id"_L1, member.userId}, {"role"_L1, member.role}}})
        .transform([](const QJsonObject &) { });
}

} // namespace

Result<std::vector<NewMember>> takeMembers(const Steps &steps, const AdminCall &call,
                                           const MemberKind &kind, QJsonObject &request,
                                           QLatin1StringView field)
{
    std::vector<NewMember> members;
    const QJsonValue value = request.take(field);
    if (value.isNull() || value.isUndefined()) {
        return members;
    }
    if (!value.isArray()) {
        TRY(NewMember member, readMember(steps, call, kind, value, QString(field)));
        members.push_back(std::move(member));
        return members;
    }
    const QJsonArray values = value.toArray();
    if (values.size() > mostMembers) {
        return failure(ApiError::invalidRequest(
            u"'%1' may hold at most %2 members."_s.arg(field).arg(mostMembers), QString(field)));
    }
    for (qsizetype i = 0; i < values.size(); ++i) {
        TRY(NewMember member,
            readMember(steps, call, kind, values[i], u"%1[%2]"_s.arg(field).arg(i)));
        members.push_back(std::move(member));
    }
    return members;
}

Result<void> addMembers(const Steps &steps, const AdminCall &call, const MemberKind &kind,
                        const QString &groupId, const std::vector<NewMember> &members)
{
    for (const NewMember &member : members) {
        TRY_VOID(add(steps, call, kind, groupId, member));
    }
    return {};
}

Result<QJsonArray> membersOf(const Steps &steps, const AdminCall &call, const MemberKind &kind,
                             const QString &groupId)
{
    QJsonArray members;
    for (qint64 total = 1; members.size() < total;) {
        TRY(const QJsonObject page,
            steps.ask(call,
                      {.method = "GET",
                       .pattern = kind.path,
                       .path = {groupId.toUtf8()},
                       .query = queryOf("limit"_L1, QString::number(pageSize)),
                       .skip = members.size()}));
        const QJsonArray items = page.value("items"_L1).toArray();
        for (const auto &member : items) {
            members.append(QJsonObject{{"user_id"_L1, member["user_id"_L1]},
                                       {"user_email"_L1, member["email"_L1]},
                                       {kind.roleField, showRole(kind.roles, member["role"_L1])}});
        }
        total = items.isEmpty() ? 0 : page.value("total"_L1).toInteger();
    }
    return members;
}

QJsonArray membershipsOf(const QJsonArray &members, const MemberKind &kind, const QString &groupId)
{
    QJsonArray memberships;
    for (const auto &member : members) {
        QJsonObject membership{{"user_id"_L1, member["user_id"_L1]},
                               {kind.groupField, groupId},
                               {"budget_id"_L1, QJsonValue()},
                               {"litellm_budget_table"_L1, QJsonValue()}};
        if (kind.roleField != "role"_L1) {
            membership.insert(kind.roleField, member[kind.roleField]);
        }
        memberships.append(membership);
    }
    return memberships;
}

Result<Answer> addMembersTo(
    const Steps &steps, const AdminCall &call, const MemberKind &kind,
    const std::function<Result<QJsonObject>(const QString &groupId, QJsonObject added)> &show)
{
    QJsonObject request = call.body;
    TRY(const QString groupId, takeText(request, kind.groupField));
    TRY(const std::vector<NewMember> members, takeMembers(steps, call, kind, request, "member"_L1));
    TRY_VOID(checkRest(request, {QString(kind.groupField), u"member"_s}));
    if (members.empty()) {
        return failure(
            ApiError::invalidRequest(u"'member' must name at least one user."_s, u"member"_s));
    }
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(addMembers(steps, call, kind, groupId, members));
        TRY(const QJsonArray all, membersOf(steps, call, kind, groupId));
        QJsonArray added;
        const QStringList ids = idsOf(members);
        std::ranges::copy_if(all, std::back_inserter(added), [&ids](const auto &member) {
            return ids.contains(member["user_id"_L1].toString());
        });
        TRY(const QJsonObject answer,
            show(groupId,
                 {{"updated_users"_L1, added},
                  {"memberships"_L1, membershipsOf(added, kind, groupId)}}));
        return jsonAnswer(answer);
    });
}

Result<Answer> removeMemberOf(
    const Steps &steps, const AdminCall &call, const MemberKind &kind,
    const std::function<Result<QJsonObject>(const QString &groupId)> &show)
{
    QJsonObject request = call.body;
    TRY(const QString groupId, takeText(request, kind.groupField));
    TRY(const QString userId, takeUser(steps, call, request, {}));
    TRY_VOID(checkRest(request, {QString(kind.groupField), u"user_id"_s, u"user_email"_s}));
    return steps.together([&]() -> Result<Answer> {
        TRY_VOID(steps.ask(call,
                           {.method = "DELETE",
                            .pattern = kind.path + "/{user_id}",
                            .path = {groupId.toUtf8(), userId.toUtf8()}}));
        TRY(const QJsonObject answer, show(groupId));
        return jsonAnswer(answer);
    });
}

} // namespace delta::admin::litellm
