#include "gateway/admin/spend/time_steps.h"

#include <QDateTime>

#include <algorithm>
#include <chrono>

namespace delta::admin {

namespace {

QDateTime localTime(WallTime time, const QTimeZone &zone)
{
    return QDateTime::fromMSecsSinceEpoch(time.time_since_epoch().count(), zone);
}

/// Returns the first day of the step after the one in which a day lies.
QDate dayAfter(QDate day, TimeStep step)
{
    switch (step) {
    case TimeStep::Week:
        return day.addDays(8 - day.dayOfWeek());
    case TimeStep::Month:
        return QDate(day.year(), day.month(), 1).addMonths(1);
    case TimeStep::Hour:
    case TimeStep::Day:
        break;
    }
    return day.addDays(1);
}

qint64 hourOf(const QDateTime &time)
{
    return std::chrono::floor<std::chrono::hours>(
               std::chrono::milliseconds(time.toMSecsSinceEpoch()))
        .count();
}

} // namespace

std::vector<qint64> wholeRange(WallTime from, WallTime until)
{
    const auto first = std::chrono::floor<std::chrono::hours>(from.time_since_epoch()).count();
    const auto last = std::chrono::ceil<std::chrono::hours>(until.time_since_epoch()).count();
    const qint64 begin = std::max<qint64>(first, 0);
    return {begin, std::max<qint64>(last, begin + 1)};
}

std::vector<qint64> stepsOf(WallTime from, WallTime until, TimeStep step, const QTimeZone &zone,
                            int most)
{
    const std::vector<qint64> range = wholeRange(from, until);
    std::vector<qint64> bounds{range.front()};
    QDate day = localTime(from, zone).date();
    while (bounds.back() < range.back() && std::ssize(bounds) <= most + 1) {
        qint64 next = bounds.back() + 1;
        if (step != TimeStep::Hour) {
            day = dayAfter(day, step);
            next = hourOf(day.startOfDay(zone));
        }
        if (next > bounds.back()) {
            bounds.push_back(std::min(next, range.back()));
        }
    }
    return bounds;
}

WallTime timeOf(qint64 hour)
{
    return WallTime(std::chrono::hours(hour));
}

} // namespace delta::admin
