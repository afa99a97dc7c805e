#pragma once

#include "shared/models/spend_entry.h"

namespace delta::ledger {

/// A call that is about to reach a provider. Its usage and cost are the estimate of its input: what
/// is charged if the gateway dies before it learns more.
struct OpenCall {
    SpendEntry facts;
};

} // namespace delta::ledger
