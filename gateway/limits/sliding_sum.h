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
        if (now < m_end) {
            return;
        }
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
        slotAt(at).amount += amount;
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
        // From the newest on, for what is asked is mostly when all of it is forgotten.
        Amount kept{};
        for (auto slot = m_slots.rbegin(); slot != m_slots.rend(); ++slot) {
            kept += slot->amount;
            if (kept > most) {
                return forgottenAt(slot->begin);
            }
        }
        return m_begin;
    }

private:
    /// What was added within one step.
    struct Slot {
        Time begin;
        Amount amount;
    };

    /// Returns where what is added for that time belongs.
    [[nodiscard]] Slot &slotAt(Time at)
    {
        if (!m_slots.empty() && at >= m_slots.back().begin && at < m_slots.back().begin + m_step) {
            return m_slots.back();
        }
        const Time begin = stepAt(at);
        auto slot = std::ranges::lower_bound(m_slots, begin, {}, &Slot::begin);
        if (slot == m_slots.end() || slot->begin != begin) {
            slot = m_slots.insert(slot, Slot{begin, Amount()});
        }
        return *slot;
    }
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
