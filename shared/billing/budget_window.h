#pragma once

#include "shared/core/clock.h"
#include "shared/models/period.h"

#include <QTimeZone>

namespace delta {

/// A stretch of time in which a budget is counted: from `begin` up to, and not at, `end`.
struct BudgetWindow {
    WallTime begin;
    WallTime end;

    bool operator==(const BudgetWindow &) const = default;

    [[nodiscard]] bool holds(WallTime at) const
    {
        return begin <= at && at < end;
    }
};

/// Returns the window of a calendar-aligned period that holds `at`. Windows follow one another without
/// gap or overlap, also where a clock is put forward or back:
/// - months begin on the first at midnight; of several, they are counted from January of year 0;
/// - "7d" and weeks begin on Monday at midnight, "1d" and "24h" at midnight, as in LiteLLM;
/// - "30d" is a month, as in LiteLLM; other numbers of days are counted from Monday, 1970-01-05;
/// - shorter periods that divide a day begin at midnight again, and the last of the day ends with it;
/// - others are counted from 1970-01-01 in UTC.
/// Midnight is that of `zone`; a day without one begins when it does there.
/// Source: LiteLLM, "Budget Reset Times and Timezones", read 2026-11.
[[nodiscard]] BudgetWindow windowAt(const Period &period, const QTimeZone &zone, WallTime at);

/// Returns how long a rolling window of that period is: a month is 30 days there.
[[nodiscard]] std::chrono::milliseconds rollingLength(const Period &period);

/// Returns the step in which a rolling window of that period forgets, counted from 1970: a sixtieth of its length,
/// rounded up.
[[nodiscard]] std::chrono::milliseconds rollingStep(const Period &period);

} // namespace delta
