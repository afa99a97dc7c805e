#include "shared/models/rate_limit.h"

#include "shared/models/scope_id.h"

using namespace Qt::StringLiterals;

namespace delta {

Result<void> RateSubject::validate() const
{
    const auto needs = [](bool isNeeded) {
        return isNeeded ? Presence::Required : Presence::Forbidden;
    };
    const QLatin1StringView name = enumName(scope);
    TRY_VOID(checkScopeId(scopeId, needs(scope != RateScope::Gateway), u"scope_id"_s, name));
    TRY_VOID(checkScopeId(memberId, needs(scope == RateScope::TeamMember), u"member_id"_s, name));
    if (scope == RateScope::Gateway || scope == RateScope::Model) {
        return checkScopeId(model, Presence::Forbidden, u"model"_s, name);
    }
    return {};
}

Result<void> RateLimit::validate() const
{
    TRY_VOID(subject.validate());
    TRY_VOID(limits.validate());
    if (limits == RateLimits()) {
        return failure(ApiError::invalidRequest(u"At least one limit must be set, such as "
                                                u"'rpm_limit'. Remove the whole entry if none is "
                                                "wanted."_s,
                                                u"rpm_limit"_s));
    }
    return {};
}

} // namespace delta
