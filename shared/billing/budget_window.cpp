#include "shared/billing/budget_window.h"

#include <QDate>
#include <QDateTime>

#include <algorithm>
#include <array>
#include <utility>

namespace delta {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds oneDay = 24h;

/// Division that rounds down, also below zero.
constexpr qint64 floorDivide(qint64 number, qint64 divisor)
{
    const qint64 quotient = number / divisor;
    return number % divisor < 0 ? quotient - 1 : quotient;
}

/// A place that moves over the date line skips a whole day; that day starts and ends with the next.
WallTime startOf(const QDate &date, const QTimeZone &zone)
{
    QDateTime start = date.startOfDay(zone);
    if (!start.isValid()) {
        start = date.addDays(1).startOfDay(zone);
    }
    return WallTime(milliseconds(start.toMSecsSinceEpoch()));
}

BudgetWindow between(const QDate &first, const QDate &next, const QTimeZone &zone)
{
    return {startOf(first, zone), startOf(next, zone)};
}

BudgetWindow monthsAt(int count, const QTimeZone &zone, const QDate &date)
{
    const qint64 month = qint64(date.year()) * 12 + date.month() - 1;
    const qint64 first = floorDivide(month, count) * count;
    const qint64 year = floorDivide(first, 12);
    const QDate begin(static_cast<int>(year), static_cast<int>(first - year * 12) + 1, 1);
    return between(begin, begin.addMonths(count), zone);
}

BudgetWindow daysAt(int count, const QTimeZone &zone, const QDate &date)
{
    static const QDate monday(1970, 1, 5);
    const QDate begin = monday.addDays(floorDivide(monday.daysTo(date), count) * count);
    return between(begin, begin.addDays(count), zone);
}

/// A part of a day, or of any other stretch that begins at `origin`.
BudgetWindow partAt(milliseconds length, WallTime origin, WallTime at)
{
    const WallTime begin = origin + floorDivide((at - origin).count(), length.count()) * length;
    return {begin, begin + length};
}

} // namespace

BudgetWindow windowAt(const Period &period, const QTimeZone &zone, WallTime at)
{
    const milliseconds length = rollingLength(period);
    const QDate date = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(), zone).date();
    if (period.unit == PeriodUnit::Month) {
        return monthsAt(period.count, zone, date);
    }
    if (period == Period{30, PeriodUnit::Day}) {
        return monthsAt(1, zone, date);
    }
    if (length % oneDay == 0ms) {
        return daysAt(static_cast<int>(length / oneDay), zone, date);
    }
    if (oneDay % length != 0ms) {
        return partAt(length, WallTime(), at);
    }
    const BudgetWindow day = daysAt(1, zone, date);
    const BudgetWindow part = partAt(length, day.begin, at);
    return {part.begin, std::min(part.end, day.end)};
}

milliseconds rollingLength(const Period &period)
{
    static constexpr std::array<milliseconds, 6> units{1s,     1min,       1h,
                                                       oneDay, 7 * oneDay, 30 * oneDay};
    return period.count * units.at(static_cast<std::size_t>(std::to_underlying(period.unit)));
}

milliseconds rollingStep(const Period &period)
{
    constexpr int steps = 60;
    return (rollingLength(period) + milliseconds(steps - 1)) / steps;
}

} // namespace delta
