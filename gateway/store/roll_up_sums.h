#pragma once

#include "gateway/store/dimension.h"
#include "gateway/store/spend_totals.h"
#include "shared/core/result.h"

#include <QString>
#include <QtTypes>

#include <span>

namespace delta::store {

class Database;

/// A stretch of time in hours, days or milliseconds since 1970 UTC; its end is not in it.
struct SlotRange {
    qint64 from = 0;
    qint64 until = 0;

    [[nodiscard]] bool isEmpty() const
    {
        return from >= until;
    }
};

/// A range of hours, cut into as many whole days as it has, and hours around them.
struct CutRange {
    SlotRange before; ///< Hours.
    SlotRange days;
    SlotRange after; ///< Hours.

    [[nodiscard]] static CutRange of(SlotRange hours);
};

/// One name of a dimension as spend_rollups knows it.
struct RollUpSubject {
    Dimension dimension = Dimension::All;
    qint64 ref = 0; ///< The id of a name, a status, or 0 for all calls.
};

/// Returns refs as the JSON array that statements take.
[[nodiscard]] QString refList(std::span<const qint64> refs);

/// Reads the fourteen sums of spend_rollups, in the order of its columns, from the begin of `sums`.
[[nodiscard]] SpendTotals totalsOf(std::span<const qint64> sums);

/// Adds up what was spent of one name in a range of hours. Errors: StoreUnavailable.
[[nodiscard]] Result<SpendTotals> sumRollUps(Database &database, RollUpSubject subject,
                                             SlotRange hours);

} // namespace delta::store
