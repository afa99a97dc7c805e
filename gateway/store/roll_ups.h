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
    void add(const EventRow &row);
    /// Adds the sums to spend_hourly and to spend_rollups. Within a transaction.
    [[nodiscard]] Result<void> write(RowSink &hours, RowSink &rollUps) const;

private:
    /// What the events of one row of spend_hourly agree in: its primary key.
    using HourKey = std::array<qint64, 11>;
    /// dimension, seconds, ref, slot: that of spend_rollups.
    using SlotKey = std::array<qint64, 4>;

    void addSlots(const EventRow &row, qint64 dimension, qint64 ref);

    std::map<HourKey, SpendTotals> m_hours;
    std::map<SlotKey, SpendTotals> m_slots;
};

} // namespace delta::store
