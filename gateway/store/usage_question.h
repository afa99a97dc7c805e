#pragma once

#include "gateway/store/dimension.h"
#include "gateway/store/list_question.h"
#include "gateway/store/spend_totals.h"

#include <QByteArray>
#include <QtTypes>

#include <vector>

/// \file What can be asked of the sums of calls: any selection, in any groups, in any steps of whole hours.

namespace delta::store {

/// Calls of one of these names of a dimension.
struct UsageFilter {
    Dimension dimension = Dimension::Key; ///< Not All.
    std::vector<QByteArray>
        names; ///< A status by its digits. Not empty; one tag at most, for a call may have several.
};

/// A question.
struct UsageQuestion {
    ListReach reach;                  ///< Whose calls may be told of.
    std::vector<UsageFilter> filters; ///< All must hold. Of a dimension there is one at most.
    Dimension group = Dimension::All; ///< What the answer is divided by; All: it is not.
    /// Where steps of time begin, in hours since 1970 UTC, rising; the last is the end. At least two.
    std::vector<qint64> bounds;
    bool hasSteps = false; ///< Whether the answer has each step, or all of them together.
    qint64 limit = 10;     ///< Of groups, the dearest.
};

/// A part of the answer.
struct UsageGroup {
    QByteArray
        name; ///< A status by its digits. Calls without a name of the dimension are in no group.
    QByteArray alias; ///< What people call a key; empty: nothing, or it is no key.
    SpendTotals totals;
    std::vector<SpendTotals> steps; ///< One for each step, or none where they are not asked for.
};

/// The answer.
struct UsageReport {
    SpendTotals totals; ///< Of all groups, also those that are not shown.
    std::vector<SpendTotals> steps;
    std::vector<UsageGroup> groups; ///< The dearest first; none where nothing is divided.
    bool hasMore = false;           ///< There are groups beside those.
};

} // namespace delta::store
