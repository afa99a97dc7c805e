#include "shared/models/budget.h"

#include "shared/core/quoted.h"
#include "shared/models/scope_id.h"

#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

Result<void> checkAmount(const std::optional<Money> &amount, const QString &field)
{
    if (amount && *amount < Money()) {
        return failure(ApiError::invalidRequest(u"'%1' must not be negative."_s.arg(field), field));
    }
    return {};
}

} // namespace

std::optional<Money> Budget::limitAt(WallTime at) const
{
    if (!maxBudget || !increaseUntil || at >= *increaseUntil) {
        return maxBudget;
    }
    return *maxBudget + increase;
}

Result<void> Budget::validate() const
{
    const auto needs = [](bool isNeeded) {
        return isNeeded ? Presence::Required : Presence::Forbidden;
    };
    const QLatin1StringView name = enumName(scope);
    TRY_VOID(checkScopeId(scopeId, needs(scope != BudgetScope::Gateway), u"scope_id"_s, name));
    TRY_VOID(checkScopeId(memberId, needs(scope == BudgetScope::TeamMember), u"member_id"_s, name));
    TRY_VOID(checkAmount(maxBudget, u"max_budget"_s));
    TRY_VOID(checkAmount(softBudget, u"soft_budget"_s));
    TRY_VOID(checkAmount(increase, u"temp_budget_increase"_s));
    if ((increase > Money()) != increaseUntil.has_value()) {
        return failure(ApiError::invalidRequest(
            u"'temp_budget_increase' and 'temp_budget_expiry' must be given together."_s,
            increaseUntil ? u"temp_budget_increase"_s : u"temp_budget_expiry"_s));
    }
    if (reset == BudgetReset::Rolling && !duration) {
        return failure(ApiError::invalidRequest(
            u"'budget_duration' must say over which time a rolling budget looks back."_s,
            u"budget_duration"_s));
    }
    if (!QTimeZone::isTimeZoneIdAvailable(timeZone.toLatin1())) {
        return failure(ApiError::invalidRequest(
            u"'timezone' must be the name of a time zone that this machine knows, such as "
            "\"Europe/Berlin\"; it is %1."_s.arg(quoted(timeZone)),
            u"timezone"_s));
    }
    return {};
}

} // namespace delta
