#include "gateway/admin/rate_limit_service.h"

#include "gateway/admin/scope_names.h"
#include "shared/json/json_codec.h"

#include <tuple>
#include <utility>

namespace delta::admin {

using namespace Qt::StringLiterals;

namespace {

Result<void> check(const RateLimit &limit)
{
    const RateSubject &subject = limit.subject;
    TRY_VOID(checkScopeName(subject.scopeId, u"scope_id"_s));
    TRY_VOID(checkScopeName(subject.memberId, u"member_id"_s));
    TRY_VOID(checkScopeName(subject.model, u"model"_s));
    if (subject.scope == RateScope::Key) {
        TRY_VOID(refuseKeyItself(subject.scopeId));
    }
    return limit.validate();
}

} // namespace

Result<void> RateLimitService::put(const RateLimit &limit)
{
    TRY_VOID(check(limit));
    TRY_VOID(m_parts.store.putRateLimit(limit));
    return refresh();
}

Result<RateLimit> RateLimitService::set(const RateSubject &subject, const QJsonObject &patch)
{
    TRY(const std::optional<RateLimit> known, find(subject));
    RateLimit limit = known.value_or(RateLimit{subject, {}});
    TRY_VOID(applyPatch(patch, limit.limits));
    TRY_VOID(put(limit));
    return limit;
}

Result<std::optional<RateLimit>> RateLimitService::find(const RateSubject &subject)
{
    return m_parts.store.findRateLimit(subject);
}

Result<std::vector<RateLimit>> RateLimitService::list()
{
    return m_parts.store.loadRateLimits();
}

Result<std::optional<RateLimit>> RateLimitService::remove(const RateSubject &subject)
{
    TRY(std::optional<RateLimit> limit, find(subject));
    TRY(const bool wasThere, m_parts.store.removeRateLimit(subject));
    if (!wasThere) {
        return std::nullopt;
    }
    // It is gone. A gateway that cannot follow now does so soon, and until then lets through too little
    // and never too much.
    std::ignore = refresh();
    return limit;
}

Result<std::vector<RateLimit>> RateLimitService::ofKey(const QString &keyId)
{
    return m_parts.store.loadRateLimitsOf(RateScope::Key, keyId);
}

Result<void> RateLimitService::removeOfKey(const QString &keyId)
{
    TRY(const bool wereThere, m_parts.store.removeRateLimitsOf(RateScope::Key, keyId));
    if (wereThere) {
        std::ignore = refresh(); // As in remove().
    }
    return {};
}

Result<void> RateLimitService::refresh()
{
    return m_parts.loader ? m_parts.loader->refresh() : Result<void>();
}

} // namespace delta::admin
