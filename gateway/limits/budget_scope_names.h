#pragma once

#include "shared/models/budget.h"
#include "shared/models/spend_entry.h"
#include "shared/models/tags.h"

#include <QByteArray>

namespace delta::limits {

/// Returns what names a budget's object among those of its scope.
[[nodiscard]] QByteArray scopeName(const Budget &budget);

/// Names a member of a team; empty if there is no team or no user. No id holds a line break, so no two members
/// have the same name.
[[nodiscard]] QByteArray memberName(const QByteArray &team, const QByteArray &user);

/// Hands over what names the call's object of a scope, of which it has at most one: empty if it has none, and for
/// the gateway, which needs no name. Not for tags. A call asks this for each scope twice, so nothing is copied.
template <typename Visit>
void withScopeName(const SpendEntry &call, BudgetScope scope, const Visit &visit)
{
    switch (scope) {
    case BudgetScope::Gateway:
        return visit(QByteArray());
    case BudgetScope::Team:
        return visit(call.teamId);
    case BudgetScope::TeamMember:
        return visit(memberName(call.teamId, call.userId));
    case BudgetScope::User:
        return visit(call.userId);
    case BudgetScope::Key:
        return visit(call.keyId);
    case BudgetScope::EndUser:
        return visit(call.endUser);
    case BudgetScope::Model:
        return visit(call.model);
    case BudgetScope::Deployment:
        return visit(call.deploymentId);
    case BudgetScope::Provider:
        return visit(call.provider);
    case BudgetScope::Organization:
        return visit(call.organizationId);
    case BudgetScope::Tag:
        break;
    }
}

/// Hands over what names the call's objects of a scope, one after another; nothing if it has none.
template <typename Visit>
void eachScopeName(const SpendEntry &call, BudgetScope scope, const Visit &visit)
{
    if (scope == BudgetScope::Tag) {
        for (const QByteArray &tag : tagsOf(call.tags)) {
            visit(tag);
        }
        return;
    }
    withScopeName(call, scope, [scope, &visit](const QByteArray &name) {
        if (!name.isEmpty() || scope == BudgetScope::Gateway) {
            visit(name);
        }
    });
}

} // namespace delta::limits
