#pragma once

#include <QtTypes>

#include <chrono>

namespace delta::telemetry {

/// What the kernel says of this process.
struct ProcessStats {
    qint64 residentBytes = 0;
    qint64 virtualBytes = 0;
    qint64 openFiles = 0;
    qint64 fileLimit = 0;
    std::chrono::microseconds cpu{};       ///< User and system time of all threads.
    std::chrono::microseconds startedAt{}; ///< Since the epoch.
};

/// Reads the figures from /proc (proc(5)); what cannot be read is zero.
[[nodiscard]] ProcessStats readProcessStats();

} // namespace delta::telemetry
