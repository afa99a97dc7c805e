#pragma once

#include "gateway/limits/rate_rule.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QHash>

#include <chrono>
#include <cstdint>
#include <expected>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace delta::limits {

class RateBook;
struct RateCounter;
struct RateSubjectCounters;

/// What a call under way counts in its rate limits. Made by RateBook::admit(), used up by
/// RateBook::settle(); one that dies before takes all of it back. May move between threads. The book must
/// outlive it.
class RateHold
{
public:
    RateHold() = default;
    RateHold(RateHold &&other) noexcept
        : m_book(std::exchange(other.m_book, nullptr))
        , m_subjects(std::move(other.m_subjects))
        , m_counters(std::move(other.m_counters))
        , m_states(std::move(other.m_states))
        , m_tokens(other.m_tokens)
        , m_at(other.m_at)
    {
    }
    RateHold &operator=(RateHold &&other) noexcept
    {
        std::swap(m_book, other.m_book);
        std::swap(m_subjects, other.m_subjects);
        std::swap(m_counters, other.m_counters);
        std::swap(m_states, other.m_states);
        std::swap(m_tokens, other.m_tokens);
        std::swap(m_at, other.m_at);
        return *this;
    }
    RateHold(const RateHold &) = delete;
    RateHold &operator=(const RateHold &) = delete;
    ~RateHold();

    /// Returns how the rules of the call stood once it was let through, in their order.
    [[nodiscard]] const std::vector<RateState> &states() const
    {
        return m_states;
    }

private:
    friend class RateBook;

    RateBook *m_book = nullptr; ///< Null: nothing is held.
    /// Keep the counters alive.
    std::vector<std::shared_ptr<RateSubjectCounters>> m_subjects;
    std::vector<RateCounter *> m_counters; ///< Each once.
    std::vector<RateState> m_states;
    qint64 m_tokens = 0;
    SteadyTime m_at{};
};

/// Counts calls, tokens and what is under way, of this gateway, since it started. A call is let through by
/// all of its rules or by none, and one that is not consumes nothing. Windows slide: see SlidingSum for
/// what is exact about them. Safe from any thread; each function takes one lock.
class RateBook
{
public:
    /// Lets a call through that will need about so many tokens, or not. Where several rules name one
    /// counter, all of their limits hold, and the call counts once. It is fastest where the rules of one
    /// counter stand together.
    /// Errors: the rule that has room last.
    [[nodiscard]] std::expected<RateHold, RateRefusal> admit(std::vector<RateRule> rules,
                                                             qint64 tokens, SteadyTime now);
    /// Ends a call that was let through: its slots are free, and what it needed in truth stands in the
    /// place of the estimate. What it needed beyond that counts from `now` on, for it came as the call
    /// went on, which may be for longer than the window.
    void settle(RateHold hold, qint64 tokens, SteadyTime now);

    /// Returns how rules stand, in their order. Counts nothing.
    [[nodiscard]] std::vector<RateState> states(std::span<const RateRule> rules, SteadyTime now);
    /// Returns how many subjects there are counters of: those that count something, and up to as many again.
    [[nodiscard]] qsizetype size();

private:
    friend class RateHold;
    using Subject = std::shared_ptr<RateSubjectCounters>;

    /// Threads read the clock before they have the lock, and so not always in order.
    [[nodiscard]] SteadyTime advance(SteadyTime now);
    [[nodiscard]] RateHold look(std::span<const RateRule> rules, SteadyTime now);
    void count(RateHold &hold, qint64 tokens, SteadyTime now);
    void sweep(SteadyTime now);
    void end(RateHold &hold, qint64 requests, qint64 tokens, SteadyTime at);
    void cancel(RateHold &hold);

    std::mutex m_mutex;
    QHash<QByteArray, Subject> m_subjects; ///< By RateRule::counter.
    SteadyTime m_now = SteadyTime::min();  ///< Never goes back.
    std::uint64_t m_calls = 0;             ///< That were let through.
    /// So many subjects are looked through for those that count nothing.
    qsizetype m_sweepAt = 1024;
};

} // namespace delta::limits
