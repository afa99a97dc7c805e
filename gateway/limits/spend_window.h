#pragma once

#include "shared/billing/budget_window.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"

#include <QTimeZone>

#include <deque>
#include <optional>

namespace delta::limits {

/// What was spent in the time that a budget counts now. The time only moves forward: a clock that is set
/// back opens no window again. Not safe from several threads.
class SpendWindow
{
public:
    SpendWindow(const Budget &budget, WallTime now);

    /// Forgets what no longer counts at `now`.
    void advance(WallTime now);
    /// Counts money that was spent at `at`; nothing if that time is over for this budget.
    void add(Money amount, WallTime at);

    [[nodiscard]] Money spent() const
    {
        return m_spent;
    }
    /// Returns the first moment that counts now.
    [[nodiscard]] WallTime begin() const;
    /// Returns when the budget has more again: at the end of the window, or when the oldest money of a
    /// rolling one is forgotten; nothing if that does not happen by itself.
    [[nodiscard]] std::optional<WallTime> renewsAt() const;
    /// Returns in which steps a rolling window forgets: a sixtieth of its length, rounded up to a
    /// millisecond. Money counts for 60 to 61 of them, never shorter than the length. Zero for others.
    [[nodiscard]] std::chrono::milliseconds step() const
    {
        return m_step;
    }

private:
    /// The money of one step of a rolling window.
    struct Slot {
        WallTime begin;
        Money spent;
    };
    [[nodiscard]] bool isRolling() const
    {
        return m_step > std::chrono::milliseconds::zero();
    }
    [[nodiscard]] WallTime stepAt(WallTime at) const;
    void addToSlot(Money amount, WallTime at);

    std::optional<Period> m_duration; ///< Absent: one window without an end.
    QTimeZone m_zone;
    std::chrono::milliseconds m_step{0};
    BudgetWindow m_window{};  ///< Of a rolling one: all steps that count.
    std::deque<Slot> m_slots; ///< Of a rolling one: by time, none empty.
    Money m_spent;
};

} // namespace delta::limits
