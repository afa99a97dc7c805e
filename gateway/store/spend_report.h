#pragma once

#include "gateway/store/dimension.h"
#include "gateway/store/spend_filter.h"
#include "gateway/store/spend_totals.h"
#include "shared/core/clock.h"

#include <QByteArray>

#include <optional>
#include <vector>

namespace delta::store {

/// In which steps of time a report tells what was spent. All are of UTC.
enum class ReportInterval {
    None, ///< The range as a whole.
    Hour,
    Day,
};

/// A stretch of time that begins and ends with an hour. Its end is not in it.
struct WholeHours {
    std::optional<WallTime> from = {};  ///< Absent: from the first call on.
    std::optional<WallTime> until = {}; ///< Absent: until the last call.

    bool operator==(const WholeHours &) const = default;
    /// Returns the hours that a range touches: its begin is moved back to a full hour, its end on to one.
    [[nodiscard]] static WholeHours around(std::optional<WallTime> from,
                                           std::optional<WallTime> until);
};

/// What a report shall tell.
struct ReportQuestion {
    Dimension dimension = Dimension::All; ///< What it is grouped by. All: one group of all calls.
    /// The only group that is wanted, by its name, or a status by its digits. Not empty. Absent: all groups.
    std::optional<QByteArray> only = {};
    ReportInterval interval = ReportInterval::None;
    WholeHours range; ///< With an interval it should have both ends.
    Page page;        ///< Of groups.
};

/// What was spent in one step of a report's interval.
struct ReportStep {
    WallTime start{}; ///< Of an hour or a day of UTC, the first perhaps before the range.
    SpendTotals totals;
};

/// What was spent of one name of a dimension.
struct ReportGroup {
    QByteArray name;  ///< A status by its digits; empty: all calls.
    QByteArray alias; ///< What people call a key; empty: nothing, or it is no key.
    SpendTotals totals;
    std::vector<ReportStep> steps; ///< Those with calls, oldest first; none without an interval.
};

/// What a report tells.
struct SpendReport {
    /// Of all calls of the range, also those in no group; of the one group, where only one is wanted. A call with
    /// several tags is in several groups, and once in here.
    SpendTotals totals;
    std::vector<ReportGroup> groups; ///< Those with calls, the dearest first.
    bool hasMore = false;            ///< There are groups behind this page.
};

} // namespace delta::store
