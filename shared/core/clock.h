#pragma once

#include <chrono>

namespace delta {

using SteadyTime = std::chrono::steady_clock::time_point;
using WallTime = std::chrono::sys_time<std::chrono::milliseconds>;

/// Tells the time. Injected, so that tests own it. Safe from any thread.
class Clock
{
public:
    virtual ~Clock() = default;
    /// Returns a time that never goes back: for deadlines and latencies.
    [[nodiscard]] virtual SteadyTime steady() const = 0;
    /// Returns the time of day in UTC: for records and expiry.
    [[nodiscard]] virtual WallTime wall() const = 0;
};

/// The real clock.
class SystemClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return std::chrono::steady_clock::now();
    }
    [[nodiscard]] WallTime wall() const override
    {
        return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
    }
};

} // namespace delta
