#include "shared/models/self_service.h"

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr qint64 mostKeys = 1'000'000;
constexpr qint64 mostDays = 36'500;

Result<void> checkRange(std::optional<qint64> value, qint64 most, const QString &path)
{
    if (value && (*value < 1 || *value > most)) {
        return failure(
            ApiError::invalidRequest(u"'%1' must be from 1 to %2."_s.arg(path).arg(most), path));
    }
    return {};
}

} // namespace

Result<void> SelfService::validate(const QString &path) const
{
    TRY_VOID(checkRange(maxKeys, mostKeys, path + u".max_keys"_s));
    TRY_VOID(checkRange(maxExpiryDays, mostDays, path + u".max_expiry_days"_s));
    if (maxBudget && *maxBudget < Money()) {
        const QString field = path + u".max_budget"_s;
        return failure(ApiError::invalidRequest(u"'%1' cannot be negative."_s.arg(field), field));
    }
    return {};
}

} // namespace delta
