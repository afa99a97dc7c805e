#pragma once

#include "gateway/store/event_row.h"
#include "gateway/store/row_sink.h"
#include "gateway/store/spend_totals.h"
#include "shared/core/result.h"

#include <QtTypes>

#include <array>
#include <map>

namespace delta::store {

/// Adds up the events of a batch as the roll-ups keep them, so that a batch touches few rows, and those in the
/// order of their primary keys.
class RollUps
{
public:
    /// Where the sums go.
    struct Sinks {
        RowSink &hours;   ///< The columns of spend_hourly.
        RowSink &days;    ///< Those of spend_daily.
        RowSink &rollUps; ///< Those of spend_rollups.
    };

    void add(const EventRow &row);
    /// Adds the sums to what is there. Within a transaction.
    [[nodiscard]] Result<void> write(const Sinks &sinks) const;

private:
    /// What the events of one row of spend_hourly or spend_daily agree in: its primary key.
    using PartKey = std::array<qint64, 11>;
    /// dimension, seconds, ref, slot: that of spend_rollups.
    using SlotKey = std::array<qint64, 4>;

    void addSlots(const EventRow &row, qint64 dimension, qint64 ref);
    [[nodiscard]] std::map<PartKey, SpendTotals> days() const;

    std::map<PartKey, SpendTotals> m_hours;
    std::map<SlotKey, SpendTotals> m_slots;
};

} // namespace delta::store
