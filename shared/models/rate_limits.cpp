#include "shared/models/rate_limits.h"

#include <tuple>

using namespace Qt::StringLiterals;

namespace delta {

Result<void> RateLimits::validate() const
{
    Result<void> result;
    const auto check = [&](const auto &field) {
        if (const std::optional<qint64> &limit = this->*field.member; limit && *limit < 0) {
            result = failure(ApiError::invalidRequest(
                u"'%1' must not be negative; null means no limit."_s.arg(field.name), field.name));
        }
    };
    std::apply([&](const auto &...field) { (check(field), ...); }, fields());
    return result;
}

} // namespace delta
