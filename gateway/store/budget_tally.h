#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/models/budget.h"

#include <QtTypes>

#include <chrono>
#include <cstddef>
#include <map>
#include <vector>

namespace delta::store {

/// What the calls of one budget cost, added up so that later calls can be added, and those that no longer count left
/// out: the same as store::spendings() would read, which it begins with. A rolling budget has a sum for each step in
/// which it forgets, one of the calendar for each spendingGrain(), any other one sum.
class BudgetTally
{
public:
    /// Counts calls that started at `since` or later.
    BudgetTally(const Budget &budget, WallTime since);

    /// Adds a call of the budget, or several; nothing if they do not count.
    void add(const ports::Spending &spending);
    /// Has it count for a budget, and from a moment on. Returns whether it can: not if that counts other calls or
    /// earlier ones, nor if a sum has calls from before and after that moment. Then it has to be made anew.
    [[nodiscard]] bool moveTo(const Budget &budget, WallTime since);
    /// Says whether it has grown that much since it was made or moved that nobody seems to ask for it any more: what
    /// no longer counts is left out only then.
    [[nodiscard]] bool isOvergrown() const;
    [[nodiscard]] std::vector<ports::Spending> spendings() const;

private:
    Budget m_budget;
    WallTime m_since;
    std::chrono::milliseconds m_step; ///< The longest time: there is one sum.
    /// By how much a sum that was read may have begun before the step that it is counted in.
    std::chrono::milliseconds m_blur;
    std::map<qint64, ports::Spending> m_sums; ///< By step since 1970.
    std::size_t m_sumsWhenAsked = 0;
};

} // namespace delta::store
