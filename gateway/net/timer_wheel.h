#pragma once

#include "shared/core/clock.h"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

namespace delta::net {

class TimerWheel;

/// A one-shot deadline. Starting, restarting and stopping cost O(1) and never a system call,
/// so that every connection can afford several. Fires late by at most one tick, never early.
/// Confined to the thread of its wheel; the wheel must outlive it.
class Timer
{
public:
    Timer(TimerWheel &wheel, std::function<void()> onExpired);
    ~Timer();
    Timer(const Timer &) = delete;
    Timer &operator=(const Timer &) = delete;

    /// Arms the timer, replacing an earlier deadline. Zero or less fires at the next tick;
    /// more than a year counts as a year.
    void start(std::chrono::milliseconds delay);
    void stop();
    [[nodiscard]] bool isActive() const
    {
        return m_previous != nullptr;
    }

private:
    friend class TimerWheel;
    TimerWheel &m_wheel;
    std::function<void()> m_onExpired;
    Timer **m_previous = nullptr; ///< The pointer that points at us; null while inactive.
    Timer *m_next = nullptr;
    std::int64_t m_dueTick = 0;
};

/// A hashed timer wheel: 1,024 slots of 16 ms. A timer further away than one turn stays in its slot
/// and is looked at once a turn. Source: Varghese and Lauck, "Hashed and hierarchical timing
/// wheels", 1987.
class TimerWheel
{
public:
    static constexpr std::chrono::milliseconds tick{16};

    explicit TimerWheel(SteadyTime now);
    /// Runs what is due at `now`. Callbacks may start, stop and destroy any timer, their own too,
    /// and may turn a nested event loop.
    void advance(SteadyTime now);
    /// Returns when advance() has to be called next; nothing while no timer is armed.
    [[nodiscard]] std::optional<SteadyTime> nextDeadline() const;

private:
    friend class Timer;
    static constexpr std::size_t slotCount = 1024;
    static constexpr std::size_t wordBits = 64;

    void link(Timer &timer, std::chrono::milliseconds delay);
    void unlink(Timer &timer);
    void place(Timer &timer);
    static void pushFront(Timer &timer, Timer *&head);
    void moveAside(std::size_t slot);
    void fireRunning();
    [[nodiscard]] static std::size_t slotOf(std::int64_t tickNumber);
    [[nodiscard]] std::int64_t tickOf(SteadyTime time) const;

    SteadyTime m_origin;
    std::int64_t m_currentTick = 0;
    std::size_t m_count = 0;
    /// Timers of the current slot that wait for their turn. They are not in the slot any more,
    /// because callbacks may add to it; nor in a local list, because a callback's nested turn must
    /// find them.
    Timer *m_running = nullptr;
    std::array<Timer *, slotCount> m_slots{};
    std::array<std::uint64_t, slotCount / wordBits> m_occupied{}; ///< A bit for each slot in use.
};

} // namespace delta::net
