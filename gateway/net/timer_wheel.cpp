#include "gateway/net/timer_wheel.h"

#include <algorithm>
#include <utility>

namespace delta::net {

Timer::Timer(TimerWheel &wheel, std::function<void()> onExpired)
    : m_wheel(wheel)
    , m_onExpired(std::move(onExpired))
{
}

Timer::~Timer()
{
    stop();
}

void Timer::start(std::chrono::milliseconds delay)
{
    stop();
    m_wheel.link(*this, delay);
}

void Timer::stop()
{
    if (isActive()) {
        m_wheel.unlink(*this);
    }
}

TimerWheel::TimerWheel(SteadyTime now)
    : m_origin(now)
{
}

std::int64_t TimerWheel::tickOf(SteadyTime time) const
{
    return (time - m_origin) / tick;
}

void TimerWheel::link(Timer &timer, std::chrono::milliseconds delay)
{
    // The clock is read here, not taken from the last turn: a turn may have been long, and a deadline
    // counted from its beginning would fire early.
    const auto due = std::chrono::steady_clock::now() + std::max(delay, std::chrono::milliseconds(0));
    timer.m_dueTick = std::max(tickOf(due) + 1, m_currentTick + 1);
    const auto slot = static_cast<std::size_t>(timer.m_dueTick) % slotCount;
    timer.m_next = m_slots[slot];
    timer.m_previous = &m_slots[slot];
    if (timer.m_next) {
        timer.m_next->m_previous = &timer.m_next;
    }
    m_slots[slot] = &timer;
    m_occupied.set(slot);
    ++m_count;
}

void TimerWheel::unlink(Timer &timer)
{
    *timer.m_previous = timer.m_next;
    if (timer.m_next) {
        timer.m_next->m_previous = timer.m_previous;
    }
    timer.m_previous = nullptr;
    timer.m_next = nullptr;
    --m_count;
}

void TimerWheel::advance(SteadyTime now)
{
    const std::int64_t target = tickOf(now);
    if (m_count == 0) {
        m_currentTick = std::max(m_currentTick, target);
        return;
    }
    // After a long sleep one turn around the wheel meets every slot; more would be idle work.
    const std::int64_t first = std::max(m_currentTick + 1, target - static_cast<std::int64_t>(slotCount) + 1);
    for (std::int64_t number = first; number <= target; ++number) {
        m_currentTick = number;
        const auto slot = static_cast<std::size_t>(number) % slotCount;
        if (m_occupied.test(slot)) {
            runSlot(slot, target);
        }
    }
    m_currentTick = std::max(m_currentTick, target);
}

void TimerWheel::runSlot(std::size_t slot, std::int64_t tickNumber)
{
    // The slot's list is moved aside, because callbacks may add to the slot or take from it.
    m_running = std::exchange(m_slots[slot], nullptr);
    m_occupied.reset(slot);
    if (m_running) {
        m_running->m_previous = &m_running;
    }
    while (m_running) {
        Timer &timer = *m_running;
        unlink(timer);
        if (timer.m_dueTick <= tickNumber) {
            timer.m_onExpired();
            continue;
        }
        timer.m_next = m_slots[slot];
        timer.m_previous = &m_slots[slot];
        if (timer.m_next) {
            timer.m_next->m_previous = &timer.m_next;
        }
        m_slots[slot] = &timer;
        m_occupied.set(slot);
        ++m_count;
    }
}

std::optional<SteadyTime> TimerWheel::nextDeadline() const
{
    if (m_count == 0) {
        return std::nullopt;
    }
    for (std::size_t ahead = 1; ahead <= slotCount; ++ahead) {
        const std::int64_t number = m_currentTick + static_cast<std::int64_t>(ahead);
        if (m_occupied.test(static_cast<std::size_t>(number) % slotCount)) {
            return m_origin + number * tick;
        }
    }
    return std::nullopt;
}

} // namespace delta::net
