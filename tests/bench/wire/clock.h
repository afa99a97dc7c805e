#pragma once

#include <chrono>
#include <cstdint>

namespace delta::bench {

/// Returns the monotonic clock in nanoseconds. All processes of one machine read the same value, so
/// a time stamped by the upstream can be compared by the client.
inline std::int64_t nowNs()
{
    const auto sinceBoot = std::chrono::steady_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::nanoseconds>(sinceBoot).count();
}

} // namespace delta::bench
