#include "gateway/admin/budget_json.h"
#include "gateway/admin/resources/budgets.h"
#include "gateway/admin/scope_names.h"
#include "shared/models/configured_budget.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;

Result<void> refuseConfigured(const ManagedBudget &budget)
{
    return isConfiguredBudget(budget.id)
        ? failure(ApiError::conflict(u"The configuration file sets this budget; change it there."_s,
                                     u"budget_id"_s))
        : Result<void>();
}

template <typename T>
Result<void> found(const Result<std::optional<T>> &object, QLatin1StringView field,
                   QLatin1StringView what)
{
    if (!object) {
        return failure(object.error());
    }
    return *object ? Result<void>()
                   : failure(ApiError::invalidRequest(u"'%1' names no %2."_s.arg(field, what),
                                                      QString(field)));
}

/// Models, providers, tags and customers may be named before they are there.
Result<void> checkSubject(ControlTables &tables, const ManagedBudget &budget)
{
    const QString &id = budget.scopeId;
    switch (budget.scope) {
    case BudgetScope::Organization:
        return found(tables.organizations.find({id}), "scope_id"_L1, "organisation"_L1);
    case BudgetScope::Team:
        return found(tables.teams.find({id}), "scope_id"_L1, "team"_L1);
    case BudgetScope::TeamMember:
        return found(tables.teamMembers.find({id, budget.memberId}), "member_id"_L1,
                     "member of that team"_L1);
    case BudgetScope::User:
        return found(tables.users.find({id}), "scope_id"_L1, "user"_L1);
    case BudgetScope::Key:
        return found(tables.managedKeys.find({id}), "scope_id"_L1, "key"_L1);
    case BudgetScope::Deployment:
        return found(tables.deployments.find({id}), "scope_id"_L1, "deployment"_L1);
    case BudgetScope::Gateway:
    case BudgetScope::EndUser:
    case BudgetScope::Model:
    case BudgetScope::Provider:
    case BudgetScope::Tag:
        break;
    }
    return {};
}

Result<void> checkNew(ControlTables &tables, const ManagedBudget &budget)
{
    TRY_VOID(checkBudgetId(budget.id));
    TRY_VOID(checkBudgetNames(budget.toBudget()));
    return checkSubject(tables, budget);
}

Result<void> check(ControlTables &tables, const AdminCall &, const ManagedBudget &budget,
                   const ManagedBudget *before)
{
    TRY_VOID(refuseConfigured(budget));
    if (!before) {
        return checkNew(tables, budget);
    }
    const QString field = before->scope != budget.scope ? u"scope"_s
        : before->scopeId != budget.scopeId             ? u"scope_id"_s
        : before->memberId != budget.memberId           ? u"member_id"_s
                                                        : QString();
    return field.isEmpty()
        ? Result<void>()
        : failure(ApiError::invalidRequest(
              u"'%1' cannot be changed: make another budget."_s.arg(field), field));
}

Placement placementOf(const ManagedBudget &budget)
{
    Placement place;
    switch (budget.scope) {
    case BudgetScope::Organization:
        place.organizationId = budget.scopeId;
        break;
    case BudgetScope::TeamMember:
        place.userId = budget.memberId;
        [[fallthrough]];
    case BudgetScope::Team:
        place.teamId = budget.scopeId;
        break;
    case BudgetScope::User:
        place.userId = budget.scopeId;
        break;
    default:
        break;
    }
    return place;
}

/// The audit log shows a change to whoever may see the team, its organisation included.
Result<Placement> placeOf(ControlTables &tables, const ManagedBudget &budget)
{
    if (budget.scope == BudgetScope::Key) {
        TRY(const std::optional<ManagedKey> key, tables.managedKeys.find({budget.scopeId}));
        return key ? Placement{key->organizationId, key->teamId, key->userId, key->serviceAccountId}
                   : Placement();
    }
    Placement place = placementOf(budget);
    if (!place.teamId.isEmpty()) {
        TRY(const std::optional<Team> team, tables.teams.find({place.teamId}));
        place.organizationId = team ? team->organizationId : QString();
    }
    return place;
}

Result<std::vector<QJsonObject>> workOut(BudgetService &service,
                                         std::span<const ManagedBudget> budgets)
{
    std::vector<QJsonObject> all;
    for (const ManagedBudget &budget : budgets) {
        TRY(const limits::BudgetState state, service.standing(budget.toBudget()));
        all.push_back(standingJson(state));
        all.back().insert("source"_L1, isConfiguredBudget(budget.id) ? u"file"_s : u"database"_s);
    }
    return all;
}

} // namespace

EntityKind<ManagedBudget> budgetKind(const BudgetRoom &room)
{
    return {.name = "budget"_L1,
            .path = "/ui/api/budgets"_ba,
            .prefix = "b-"_L1,
            .id = &ManagedBudget::id,
            .title = &ManagedBudget::id,
            .block = nullptr,
            .stamp = &ManagedBudget::stamp,
            .read = Permission::ConfigRead,
            .table = &ControlTables::managedBudgets,
            .scope = std::nullopt,
            .place = placeOf,
            .check = check,
            .leave = [](ControlTables &,
                        const ManagedBudget &budget) { return refuseConfigured(budget); },
            .workOut =
                [&service = room.service](ControlTables &, std::span<const ManagedBudget> budgets) {
                    return workOut(service, budgets);
                }};
}

} // namespace delta::admin
