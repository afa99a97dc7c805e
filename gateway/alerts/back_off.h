#pragma once

#include "shared/core/random.h"

#include <chrono>

namespace delta::alerts {

/// Returns how long to wait after so many attempts that failed, at least one: about 2 seconds after the
/// first, twice as long after each further one, at most about an hour. By chance it is half as long or
/// half as long again, so that gateways which failed together do not come back together.
[[nodiscard]] std::chrono::milliseconds backOff(int attempts, Random &random);

} // namespace delta::alerts
