#pragma once

#include "shared/core/clock.h"
#include "shared/json/enum_names.h"

#include <QTimeZone>
#include <QtTypes>

#include <array>
#include <vector>

namespace delta::admin {

/// In which steps of time a report tells.
enum class TimeStep { Hour, Day, Week, Month };

constexpr auto enumNames(TimeStep)
{
    using namespace Qt::StringLiterals;
    return std::array{EnumName{TimeStep::Hour, "hour"_L1}, EnumName{TimeStep::Day, "day"_L1},
                      EnumName{TimeStep::Week, "week"_L1}, EnumName{TimeStep::Month, "month"_L1}};
}

/// Returns where the steps of a range begin, and its end, in hours since 1970 UTC. Days begin at midnight of the zone,
/// also where clocks are changed, weeks on Monday. Sums are kept by the hour: where a zone's days begin within one,
/// steps begin with that hour. The range is widened to whole hours, and has one at least. No more than `most` steps
/// are made, and one more where there would be more.
[[nodiscard]] std::vector<qint64> stepsOf(WallTime from, WallTime until, TimeStep step,
                                          const QTimeZone &zone, int most);

/// Returns the hours that a range touches, as one step.
[[nodiscard]] std::vector<qint64> wholeRange(WallTime from, WallTime until);

/// Returns the time of an hour since 1970 UTC.
[[nodiscard]] WallTime timeOf(qint64 hour);

} // namespace delta::admin
