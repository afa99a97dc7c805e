#pragma once

#include "gateway/admin/contract/idempotency.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <functional>

namespace delta::admin {

/// What the resources of the admin API share. Borrowed, and used on the thread that owns the store.
struct ControlRoom {
    store::Store &store;
    Idempotency &idempotency;
    const Clock &clock;
    Random &random;
    /// Brings what was changed in the store into this gateway's memory, so that it holds at once. What fails is tried
    /// again by itself within a second.
    std::function<void()> refresh;
};

} // namespace delta::admin
