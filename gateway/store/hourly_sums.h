#pragma once

#include "gateway/store/event_row.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/models/usage.h"

#include <QtTypes>

#include <compare>
#include <map>

namespace delta::store {

class IntegerStatement;

/// Adds up the events of a batch as the roll-up keeps them, so that a batch touches few rows.
class HourlySums
{
public:
    void add(const EventRow &row);
    /// Adds the sums to the roll-up, in the order of its primary key. `upsert` is hourly/upsert.
    /// Within a transaction.
    [[nodiscard]] Result<void> write(IntegerStatement &upsert) const;

private:
    /// What the events of one row agree in: the primary key of spend_hourly, in its order.
    struct Group {
        qint64 hour = 0;
        qint64 key = 0;
        qint64 user = 0;
        qint64 team = 0;
        qint64 model = 0;
        qint64 deployment = 0;
        qint64 provider = 0;
        qint64 operation = 0;
        int outcome = 0;
        int status = 0;

        auto operator<=>(const Group &) const = default;
    };
    struct Sums {
        qint64 requests = 0;
        Usage usage;
        qint64 latency = 0;    ///< Microseconds.
        qint64 unreported = 0; ///< Calls whose usage is not the provider's own count.
        qint64 unpriced = 0;
        Money spend;
    };

    std::map<Group, Sums> m_groups;
};

} // namespace delta::store
