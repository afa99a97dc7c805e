#pragma once

#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"

#include <QString>

#include <optional>
#include <tuple>

namespace delta {

/// What keys the members and the service accounts of a team may make for themselves. The team's own budget, limits and
/// models hold for these keys in any case.
struct SelfService {
    bool isEnabled = false;
    std::optional<qint64> maxKeys; ///< Of one member at most; absent: any number.
    std::optional<Money>
        maxBudget; ///< Each key needs a budget of at most that; absent: it needs none.
    std::optional<qint64>
        maxExpiryDays; ///< Each key ends within so many days; absent: it need not end.

    bool operator==(const SelfService &) const = default;

    /// Checks what a client may set. Errors: InvalidRequest naming the field, which lies below `path`.
    [[nodiscard]] Result<void> validate(const QString &path) const;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("enabled"_L1, &SelfService::isEnabled),
            field("max_keys"_L1, &SelfService::maxKeys),
            field("max_budget"_L1, &SelfService::maxBudget),
            field("max_expiry_days"_L1, &SelfService::maxExpiryDays),
        };
    }
};

} // namespace delta
