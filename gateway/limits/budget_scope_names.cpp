#include "gateway/limits/budget_scope_names.h"

namespace delta::limits {

QByteArray memberName(const QByteArray &team, const QByteArray &user)
{
    return team.isEmpty() || user.isEmpty() ? QByteArray() : team + '\n' + user;
}

QByteArray scopeName(const Budget &budget)
{
    return budget.scope == BudgetScope::TeamMember
        ? memberName(budget.scopeId.toUtf8(), budget.memberId.toUtf8())
        : budget.scopeId.toUtf8();
}

} // namespace delta::limits
