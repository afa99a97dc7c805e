#pragma once

#include "gateway/limits/sliding_sum.h"
#include "gateway/ports/budget_store.h"
#include "shared/billing/budget_window.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <QTimeZone>

#include <optional>
#include <vector>

namespace delta::limits {

/// What was spent in the time that a budget counts now: in its window, and not before its last reset. The time
/// only moves forward: a clock that is set back opens no window again. Not safe from several threads.
class SpendWindow
{
public:
    SpendWindow(const Budget &budget, WallTime now);

    /// Forgets what no longer counts at `now`.
    void advance(WallTime now);
    /// Counts money that was spent at `at`; nothing if that time is over for this budget.
    void add(Money amount, WallTime at);
    /// Counts what the store knows. Its sums may be placed at the end of an hour that is not over; those
    /// count at `now`, or at the last reset if that is later.
    void add(const std::vector<ports::Spending> &spendings, WallTime now);

    [[nodiscard]] Money spent() const
    {
        return m_rolling ? m_rolling->sum() : m_spent;
    }
    /// Returns the first moment that counts now.
    [[nodiscard]] WallTime begin() const;
    /// Returns when the budget has more again: at the end of the window, or when the oldest money of a
    /// rolling one is forgotten; nothing if that does not happen by itself.
    [[nodiscard]] std::optional<WallTime> renewsAt() const;

private:
    std::optional<Period> m_duration; ///< Absent: one window without an end.
    QTimeZone m_zone;
    WallTime m_lastReset; ///< What is before does not count; the least: there was none.
    std::optional<SlidingSum<WallTime, Money>>
        m_rolling;           ///< Absent: the windows are the calendar's.
    BudgetWindow m_window{}; ///< Of the calendar.
    Money m_spent;           ///< In that window.
};

} // namespace delta::limits
