#include "gateway/net/timer_wheel.h"

#include <algorithm>
#include <bit>
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

std::size_t TimerWheel::slotOf(std::int64_t tickNumber)
{
    return static_cast<std::size_t>(tickNumber) % slotCount;
}

void TimerWheel::link(Timer &timer, std::chrono::milliseconds delay)
{
    constexpr std::chrono::milliseconds longest = std::chrono::years(1);
    // The clock is read here, not taken from the last turn: a turn may have been long, and a
    // deadline counted from its beginning would fire early.
    const auto due = std::chrono::steady_clock::now()
        + std::clamp(delay, std::chrono::milliseconds(0), longest);
    timer.m_dueTick = std::max(tickOf(due) + 1, m_currentTick + 1);
    place(timer);
}

void TimerWheel::place(Timer &timer)
{
    const std::size_t slot = slotOf(timer.m_dueTick);
    pushFront(timer, m_slots[slot]);
    m_occupied[slot / wordBits] |= std::uint64_t(1) << (slot % wordBits);
    ++m_count;
}

void TimerWheel::pushFront(Timer &timer, Timer *&head)
{
    timer.m_next = head;
    timer.m_previous = &head;
    if (head) {
        head->m_previous = &timer.m_next;
    }
    head = &timer;
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
    const std::size_t slot = slotOf(timer.m_dueTick);
    if (!m_slots[slot]) {
        m_occupied[slot / wordBits] &= ~(std::uint64_t(1) << (slot % wordBits));
    }
}

void TimerWheel::advance(SteadyTime now)
{
    const std::int64_t target = tickOf(now);
    // What is left over if this is a nested turn in a callback.
    fireRunning();
    // After a long sleep one turn around the wheel meets every slot; more would be idle work.
    m_currentTick = std::max(m_currentTick, target - static_cast<std::int64_t>(slotCount));
    while (m_count > 0 && m_currentTick < target) {
        ++m_currentTick;
        moveAside(slotOf(m_currentTick));
        fireRunning();
    }
    m_currentTick = std::max(m_currentTick, target);
}

void TimerWheel::moveAside(std::size_t slot)
{
    while (Timer *timer = m_slots[slot]) {
        unlink(*timer);
        pushFront(*timer, m_running);
        ++m_count;
    }
}

void TimerWheel::fireRunning()
{
    while (Timer *timer = m_running) {
        unlink(*timer);
        if (timer->m_dueTick > m_currentTick) {
            place(*timer);
            continue;
        }
        // The callback may destroy its timer, and with it the function that is being called.
        const std::function<void()> onExpired = timer->m_onExpired;
        onExpired();
    }
}

std::optional<SteadyTime> TimerWheel::nextDeadline() const
{
    if (m_count == 0) {
        return std::nullopt;
    }
    if (m_running) {
        return m_origin + m_currentTick * tick;
    }
    const std::int64_t first = m_currentTick + 1;
    std::size_t word = slotOf(first) / wordBits;
    std::uint64_t bits = m_occupied[word] & (~std::uint64_t(0) << (slotOf(first) % wordBits));
    // One word more than there are: the first word's lower bits come last.
    for (std::size_t looked = 0; looked <= m_occupied.size(); ++looked) {
        if (bits != 0) {
            const std::size_t slot = word * wordBits
                + static_cast<std::size_t>(std::countr_zero(bits));
            const std::size_t ahead = (slot + slotCount - slotOf(first)) % slotCount;
            return m_origin + (first + static_cast<std::int64_t>(ahead)) * tick;
        }
        word = (word + 1) % m_occupied.size();
        bits = m_occupied[word];
    }
    return std::nullopt;
}

} // namespace delta::net
