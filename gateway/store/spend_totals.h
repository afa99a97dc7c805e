#pragma once

#include "shared/core/money.h"
#include "shared/models/spend_entry.h"
#include "shared/models/usage.h"

#include <QtTypes>

#include <chrono>

namespace delta::store {

/// What calls come to.
struct SpendTotals {
    qint64 requests = 0;
    Usage usage;
    std::chrono::microseconds latency{}; ///< Of all calls together.
    qint64 unreportedRequests = 0;       ///< Calls whose usage is our count, not the provider's.
    qint64 unpricedRequests = 0;         ///< Calls of models without a price, charged zero.
    Money spend;
    /// Calls that ended with a status of 400 or more, or whose provider failed within the answer.
    qint64 failedRequests = 0;

    bool operator==(const SpendTotals &) const = default;
    SpendTotals &operator+=(const SpendTotals &other);
    /// Counts one call.
    void add(const SpendEntry &entry);
};

} // namespace delta::store
