#include "gateway/admin/resources/self_service.h"

#include "gateway/admin/access/caller.h"

#include <chrono>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

std::unexpected<ApiError> refused(const QString &why, const QString &field)
{
    ApiError error = ApiError::permissionDenied(why);
    error.param = field;
    return failure(std::move(error));
}

Result<void> checkNumber(store::ControlTables &tables, const ManagedKey &key, qint64 most)
{
    const bool isOfUser = key.serviceAccountId.isEmpty();
    TRY(const qint64 keys,
        isOfUser ? tables.keyTables.countOfMember(key.teamId, key.userId)
                 : tables.count("keys/count_of_service_account"_L1, key.serviceAccountId));
    if (keys >= most) {
        return refused(
            u"The team lets each of its members have at most %1 keys. Remove one that is no longer used."_s
                .arg(most),
            u"team_id"_s);
    }
    return {};
}

Result<void> checkBudget(const Governance &governance, Money most)
{
    const bool isWithin = governance.budget && governance.budget->maxBudget
        && *governance.budget->maxBudget <= most;
    if (!isWithin) {
        return refused(
            u"The team wants each key of its members to have a budget of at most %1 USD: set 'budget.max_budget'."_s
                .arg(most.toUsd()),
            u"budget"_s);
    }
    return {};
}

Result<void> checkExpiry(const ManagedKey &key, qint64 mostDays, WallTime now)
{
    if (!key.expiresAt || *key.expiresAt > now + std::chrono::days(mostDays)) {
        return refused(
            u"The team wants each key of its members to end within %1 days: set 'expires_at'."_s
                .arg(mostDays),
            u"expires_at"_s);
    }
    return {};
}

} // namespace

Result<void> checkSelfService(store::ControlTables &tables, const AdminCall &call,
                              const ManagedKey &key, const Governance &governance, WallTime now)
{
    const Placement place{.organizationId = key.organizationId,
                          .teamId = key.teamId,
                          .userId = key.userId,
                          .serviceAccountId = key.serviceAccountId};
    if (call.caller.may(Permission::KeyLimits, place)) {
        return {};
    }
    TRY(const std::optional<Team> team, tables.teams.find({key.teamId}));
    const SelfService allowed = team ? team->selfService : SelfService();
    if (!allowed.isEnabled) {
        return refused(
            u"The team does not let its members make keys. An admin of the team can make one for you, or allow it: 'self_service.enabled' of the team."_s,
            u"team_id"_s);
    }
    if (allowed.maxKeys) {
        TRY_VOID(checkNumber(tables, key, *allowed.maxKeys));
    }
    if (allowed.maxBudget) {
        TRY_VOID(checkBudget(governance, *allowed.maxBudget));
    }
    return allowed.maxExpiryDays ? checkExpiry(key, *allowed.maxExpiryDays, now) : Result<void>();
}

} // namespace delta::admin
