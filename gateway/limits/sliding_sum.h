#pragma once

#include <algorithm>
#include <chrono>
#include <deque>

namespace delta::limits {

/// A sum over the last stretch of time, kept in sixty steps of it: what was added is forgotten a whole
/// step at a time, so it counts for 60 to 61 steps. No stretch of the window's length ever holds more than
/// the sum has shown; the sum shows at most what 61/60 of that length hold. Not safe from several threads.
template <typename Time, typename Amount>
class SlidingSum
{
public:
    using milliseconds = std::chrono::milliseconds;

    static constexpr int steps = 60;

    /// `length` is above zero.
    explicit SlidingSum(milliseconds length)
        // Rounded up, so that the steps together are not shorter than the window.
        : m_step((length + milliseconds(steps - 1)) / steps)
    {
    }

    /// Forgets what no longer counts at `now`, which is not before that of the last time.
    void advance(Time now)
    {
        const Time current = stepAt(now);
        m_begin = current - steps * m_step;
        m_end = current + m_step;
        while (!m_slots.empty() && m_slots.front().begin < m_begin) {
            m_sum = m_sum - m_slots.front().amount;
            m_slots.pop_front();
        }
    }

    /// Adds an amount that counts from `at` on; nothing if that time is over. A negative one takes back
    /// what was added for the same time.
    void add(Amount amount, Time at)
    {
        if (at < m_begin) {
            return;
        }
        const Time begin = stepAt(at);
        auto slot = std::ranges::lower_bound(m_slots, begin, {}, &Slot::begin);
        if (slot == m_slots.end() || slot->begin != begin) {
            slot = m_slots.insert(slot, Slot{begin, Amount()});
        }
        slot->amount += amount;
        m_sum += amount;
    }

    [[nodiscard]] Amount sum() const
    {
        return m_sum;
    }
    /// Returns the first moment that counts now.
    [[nodiscard]] Time begin() const
    {
        return m_begin;
    }
    /// Returns when the next advance() may change anything.
    [[nodiscard]] Time end() const
    {
        return m_end;
    }
    /// Returns when the oldest amount is forgotten; of none, when one would be that began with the window.
    [[nodiscard]] Time firstForgottenAt() const
    {
        return forgottenAt(m_slots.empty() ? m_begin : m_slots.front().begin);
    }
    /// Returns when the sum will have fallen to `most`, if nothing is added; a time that is over if it has.
    [[nodiscard]] Time fallsTo(Amount most) const
    {
        Amount left = m_sum;
        Time at = m_begin;
        for (auto slot = m_slots.begin(); slot != m_slots.end() && left > most; ++slot) {
            left = left - slot->amount;
            at = forgottenAt(slot->begin);
        }
        return at;
    }

private:
    /// What was added within one step.
    struct Slot {
        Time begin;
        Amount amount;
    };

    [[nodiscard]] Time stepAt(Time at) const
    {
        const auto since = at.time_since_epoch();
        const auto into = since % m_step;
        return at - (into < into.zero() ? into + m_step : into);
    }
    [[nodiscard]] Time forgottenAt(Time slotBegin) const
    {
        return slotBegin + (steps + 1) * m_step;
    }

    milliseconds m_step;
    Time m_begin = Time::min();
    Time m_end = Time::min();
    std::deque<Slot> m_slots; ///< By time.
    Amount m_sum{};
};

} // namespace delta::limits
