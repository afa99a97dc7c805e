#pragma once

#include "shared/core/money.h"
#include "shared/models/spend_entry.h"
#include "shared/models/usage.h"

#include <QtTypes>

#include <vector>

namespace delta::store {

/// What the calls of one row of a roll-up come to.
struct CallSums {
    qint64 requests = 0;
    Usage usage;
    qint64 latency = 0;    ///< Microseconds.
    qint64 unreported = 0; ///< Calls whose usage is not the provider's own count.
    qint64 unpriced = 0;
    Money spend;

    void add(const SpendEntry &entry);
    /// Appends the thirteen sums in the order of the columns of every roll-up.
    void appendTo(std::vector<qint64> &row) const;
};

} // namespace delta::store
