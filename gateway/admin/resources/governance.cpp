#include "gateway/admin/resources/governance.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

RateSubject subjectOf(RateScope scope, const QString &id)
{
    return {.scope = scope, .scopeId = id, .memberId = {}, .model = {}};
}

/// The object's fields stand below one of the resource.
ApiError below(ApiError error, QLatin1StringView field)
{
    error.message.replace(u"'%1'"_s.arg(error.param), u"'%1.%2'"_s.arg(field, error.param));
    error.param = field + u'.' + error.param;
    return error;
}

/// Whoever makes a budget by itself may have taken the id that goes with an object.
bool isOf(const Budget &budget, BudgetScope scope, const QString &id)
{
    return budget.scope == scope && budget.scopeId == id;
}

QStringList ownBudgetIds(BudgetScope scope, const QStringList &ids)
{
    QStringList budgetIds;
    for (const QString &id : ids) {
        budgetIds.append(ownBudgetId(scope, id));
    }
    return budgetIds;
}

Result<void> writeBudget(store::ControlTables &tables, const Budget &budget, WallTime now)
{
    if (auto checked = budget.validate(); !checked) {
        return failure(below(std::move(checked).error(), "budget"_L1));
    }
    TRY(const std::optional<Budget> there, tables.budgets.lock(budget.id));
    if (!there) {
        return tables.budgets.insert(budget, now);
    }
    if (!isOf(*there, budget.scope, budget.scopeId)) {
        return failure(ApiError::conflict(
            u"Another budget has the id '%1', which goes with this one. Remove that budget first."_s
                .arg(budget.id),
            u"budget"_s));
    }
    return BudgetTerms::of(*there) == BudgetTerms::of(budget)
        ? Result<void>()
        : tables.budgets.update(budget, now).transform([](bool) { });
}

Result<void> removeBudget(store::ControlTables &tables, BudgetScope scope, const QString &id)
{
    const QString budgetId = ownBudgetId(scope, id);
    TRY(const std::optional<Budget> there, tables.budgets.lock(budgetId));
    return there && isOf(*there, scope, id)
        ? tables.budgets.remove(budgetId).transform([](bool) { })
        : Result<void>();
}

Result<void> writeOwnLimits(store::ControlTables &tables, const GovernedScope &scope,
                            const QString &id, const RateLimits &limits)
{
    if (auto checked = limits.validate(); !checked) {
        return failure(below(std::move(checked).error(), "limits"_L1));
    }
    return scope.writeOwn(tables, id, limits);
}

Result<void> writeLimits(store::ControlTables &tables, const RateLimit &limit)
{
    if (limit.limits == RateLimits()) {
        return tables.rateLimits.remove(limit.subject).transform([](bool) { });
    }
    if (auto checked = limit.validate(); !checked) {
        return failure(below(std::move(checked).error(), "limits"_L1));
    }
    return tables.rateLimits.put(limit);
}

} // namespace

QString ownBudgetId(BudgetScope scope, const QString &id)
{
    return enumName(scope) + u'-' + id;
}

Result<QHash<QString, Governance>> readGovernances(store::ControlTables &tables,
                                                   const GovernedScope &scope,
                                                   const QStringList &ids)
{
    QHash<QString, Governance> found;
    TRY(const std::vector<Budget> budgets, tables.budgets.find(ownBudgetIds(scope.budgets, ids)));
    for (const Budget &budget : budgets) {
        const bool isOwn = budget.scope == scope.budgets
            && budget.id == ownBudgetId(scope.budgets, budget.scopeId);
        if (isOwn) {
            found[budget.scopeId].budget = BudgetTerms::of(budget);
        }
    }
    if (scope.readOwn) {
        TRY(const auto limits, scope.readOwn(tables, ids));
        for (const auto &[id, own] : limits.asKeyValueRange()) {
            found[id].limits = own;
        }
        return found;
    }
    TRY(const std::vector<RateLimit> limits, tables.rateLimits.loadOwn(scope.limits, ids));
    for (const RateLimit &limit : limits) {
        found[limit.subject.scopeId].limits = limit.limits;
    }
    return found;
}

Result<void> writeGovernance(store::ControlTables &tables, const GovernedScope &scope,
                             const QString &id, const Governance &wanted, WallTime now)
{
    const QString budgetId = ownBudgetId(scope.budgets, id);
    TRY_VOID(wanted.budget
                 ? writeBudget(tables, wanted.budget->toBudget(budgetId, scope.budgets, id), now)
                 : removeBudget(tables, scope.budgets, id));
    return scope.writeOwn ? writeOwnLimits(tables, scope, id, wanted.limits)
                          : writeLimits(tables, {subjectOf(scope.limits, id), wanted.limits});
}

Result<void> removeGovernance(store::ControlTables &tables, const GovernedScope &scope,
                              const QString &id)
{
    TRY_VOID(tables.budgets.removeOf(scope.budgets, id));
    return tables.rateLimits.removeOf(scope.limits, id).transform([](bool) { });
}

} // namespace delta::admin
