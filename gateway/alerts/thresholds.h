#pragma once

#include "gateway/ports/budget_standing.h"
#include "shared/core/money.h"

#include <QString>

#include <span>
#include <vector>

namespace delta::alerts {

/// A threshold that a budget has reached.
struct Reached {
    QString threshold; ///< A percentage in digits, or softThreshold.
    Money amount;      ///< The limit that it belongs to.

    bool operator==(const Reached &) const = default;
};

/// Returns which of the percentages a budget has reached, in their order, and its soft limit last.
/// Nothing is reached before something is spent: a budget of zero is a lock, and no news.
///
/// A limit is seldom met exactly, because calls are refused that might exceed it. So a budget counts as
/// used up too if it refuses calls with less than a tenth left.
[[nodiscard]] std::vector<Reached> reachedThresholds(const ports::BudgetStanding &standing,
                                                     std::span<const int> percentages);

} // namespace delta::alerts
