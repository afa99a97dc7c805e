#include "gateway/limits/budget_scope_names.h"

#include "shared/models/tags.h"

namespace delta::limits {

namespace {

/// No id holds a line break, so no two members have the same name.
QByteArray memberName(const QByteArray &team, const QByteArray &user)
{
    return team.isEmpty() || user.isEmpty() ? QByteArray() : team + '\n' + user;
}

/// Returns what names the call's object of a scope, of which it has at most one.
QByteArray scopeName(const SpendEntry &call, BudgetScope scope)
{
    switch (scope) {
    case BudgetScope::Gateway:
        return {};
    case BudgetScope::Team:
        return call.teamId;
    case BudgetScope::TeamMember:
        return memberName(call.teamId, call.userId);
    case BudgetScope::User:
        return call.userId;
    case BudgetScope::Key:
        return call.keyId;
    case BudgetScope::EndUser:
        return call.endUser;
    case BudgetScope::Model:
        return call.model;
    case BudgetScope::Deployment:
        return call.deploymentId;
    case BudgetScope::Provider:
        return call.provider;
    case BudgetScope::Organization:
        return call.organizationId;
    case BudgetScope::Tag:
        break; // Of these it may have several.
    }
    Q_UNREACHABLE_RETURN({});
}

} // namespace

QByteArray scopeName(const Budget &budget)
{
    return budget.scope == BudgetScope::TeamMember
        ? memberName(budget.scopeId.toUtf8(), budget.memberId.toUtf8())
        : budget.scopeId.toUtf8();
}

QByteArrayList scopeNames(const SpendEntry &call, BudgetScope scope)
{
    if (scope == BudgetScope::Tag) {
        return tagsOf(call.tags);
    }
    const QByteArray name = scopeName(call, scope);
    return name.isEmpty() && scope != BudgetScope::Gateway ? QByteArrayList()
                                                           : QByteArrayList{name};
}

} // namespace delta::limits
