#pragma once

#include "shared/core/random.h"

#include <chrono>

namespace delta::net {

/// Returns how long to wait after so many attempts that failed, at least one: about `first` after the
/// first, twice as long after each further one, at most about an hour. By chance it is half as long or
/// half as long again, so that gateways which failed together do not come back together.
[[nodiscard]] std::chrono::milliseconds backOff(
    int attempts, Random &random, std::chrono::milliseconds first = std::chrono::seconds(2));

} // namespace delta::net
