#include "shared/models/self_service.h"

#include "shared/models/text_rules.h"

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qint64 mostKeys = 1'000'000;
constexpr qint64 mostDays = 36'500;

} // namespace

Result<void> SelfService::validate(const QString &path) const
{
    TRY_VOID(checkRange(maxKeys, 1, mostKeys, path + u".max_keys"_s));
    TRY_VOID(checkRange(maxExpiryDays, 1, mostDays, path + u".max_expiry_days"_s));
    if (maxBudget && *maxBudget < Money()) {
        const QString field = path + u".max_budget"_s;
        return failure(ApiError::invalidRequest(u"'%1' cannot be negative."_s.arg(field), field));
    }
    return {};
}

} // namespace delta
