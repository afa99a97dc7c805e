#include "gateway/limits/rate_book.h"

#include "gateway/limits/sliding_sum.h"

#include <algorithm>
#include <optional>
#include <ranges>
#include <utility>

namespace delta::limits {

namespace {

using std::chrono::milliseconds;

/// Nobody knows when a call under way ends.
constexpr milliseconds slotPatience{1000};

milliseconds until(SteadyTime at, SteadyTime now)
{
    return std::max(milliseconds::zero(), std::chrono::ceil<milliseconds>(at - now));
}

/// How much of a unit a call takes.
qint64 demandOf(RateUnit unit, qint64 tokens)
{
    return unit == RateUnit::Tokens ? tokens : 1;
}

} // namespace

/// What is counted for one rule, or for several that are alike. Guarded by the book's lock.
struct RateCounter {
    explicit RateCounter(const RateRule &rule)
        : unit(rule.unit)
        , window(std::max(milliseconds(1), rule.period))
    {
    }
    [[nodiscard]] qint64 used() const
    {
        return unit == RateUnit::Parallel ? running : window.sum();
    }
    /// Changes what is counted by so much, as of `at`.
    void change(qint64 calls, qint64 requests, qint64 tokens, SteadyTime at)
    {
        if (unit == RateUnit::Parallel) {
            running += calls;
        } else {
            window.add(unit == RateUnit::Tokens ? tokens : requests, at);
        }
    }
    [[nodiscard]] milliseconds fallsTo(qint64 most, SteadyTime now) const
    {
        return unit == RateUnit::Parallel ? slotPatience : until(window.fallsTo(most), now);
    }

    const RateUnit unit;
    SlidingSum<SteadyTime, qint64> window;
    qint64 running = 0;
};

namespace {

using Counters = std::vector<std::shared_ptr<RateCounter>>;

/// Returns the rule that has room last, if there is one without room; the counters are those of the rules.
std::optional<RateRefusal> refusalOf(std::span<const RateRule> rules, const Counters &counters,
                                     qint64 tokens, SteadyTime now)
{
    std::optional<RateRefusal> refusal;
    for (const auto &[rule, counter] : std::views::zip(rules, counters)) {
        const qint64 wanted = demandOf(rule.unit, tokens);
        if (counter->used() <= rule.limit - wanted) {
            continue;
        }
        RateRefusal next{rule, counter->used(), wanted, std::nullopt, {}};
        if (wanted <= rule.limit) {
            next.retryAfter = counter->fallsTo(rule.limit - wanted, now);
        }
        // Never is later than any time.
        if (!refusal
            || (refusal->retryAfter
                && (!next.retryAfter || *next.retryAfter > *refusal->retryAfter))) {
            refusal = std::move(next);
        }
    }
    return refusal;
}

/// Returns how a rule stands; null: there is no counter, so nothing is counted.
RateState stateOf(const RateRule &rule, const RateCounter *counter, SteadyTime now)
{
    const qint64 used = counter ? counter->used() : 0;
    return {rule, used, used == 0 ? milliseconds::zero() : counter->fallsTo(0, now)};
}

std::vector<RateState> statesOf(std::span<const RateRule> rules, const Counters &counters,
                                SteadyTime now)
{
    std::vector<RateState> states;
    states.reserve(rules.size());
    for (const auto &[rule, counter] : std::views::zip(rules, counters)) {
        states.push_back(stateOf(rule, counter.get(), now));
    }
    return states;
}

} // namespace

RateHold::~RateHold()
{
    if (m_book) {
        m_book->cancel(*this);
    }
}

std::expected<RateHold, RateRefusal> RateBook::admit(std::span<const RateRule> rules, qint64 tokens,
                                                     SteadyTime now)
{
    RateHold hold;
    if (rules.empty()) {
        return hold;
    }
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    Counters counters;
    counters.reserve(rules.size());
    for (const RateRule &rule : rules) {
        counters.push_back(counterOf(rule, now));
    }
    if (auto refusal = refusalOf(rules, counters, tokens, now)) {
        refusal->states = statesOf(rules, counters, now);
        return std::unexpected(*std::move(refusal));
    }
    for (const Counter &counter : counters) {
        if (!std::ranges::contains(hold.m_counters, counter)) {
            counter->change(1, 1, tokens, now);
            hold.m_counters.push_back(counter);
        }
    }
    hold.m_book = this;
    hold.m_states = statesOf(rules, counters, now);
    hold.m_tokens = tokens;
    hold.m_at = now;
    return hold;
}

void RateBook::settle(RateHold hold, qint64 tokens, SteadyTime now)
{
    if (hold.m_book) {
        const std::scoped_lock lock(m_mutex);
        now = advance(now);
        end(hold, 0, tokens - hold.m_tokens, tokens > hold.m_tokens ? now : hold.m_at);
    }
}

void RateBook::cancel(RateHold &hold)
{
    const std::scoped_lock lock(m_mutex);
    end(hold, -1, -hold.m_tokens, hold.m_at);
}

/// Ends a hold, and changes what it counted by so much, as of `at`.
void RateBook::end(RateHold &hold, qint64 requests, qint64 tokens, SteadyTime at)
{
    for (const Counter &counter : hold.m_counters) {
        counter->change(-1, requests, tokens, at);
    }
    hold.m_book = nullptr;
}

std::vector<RateState> RateBook::states(std::span<const RateRule> rules, SteadyTime now)
{
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    std::vector<RateState> states;
    states.reserve(rules.size());
    for (const RateRule &rule : rules) {
        const Counter counter = m_counters.value(nameOf(rule));
        if (counter) {
            counter->window.advance(now);
        }
        states.push_back(stateOf(rule, counter.get(), now));
    }
    return states;
}

qsizetype RateBook::size()
{
    const std::scoped_lock lock(m_mutex);
    return m_counters.size();
}

SteadyTime RateBook::advance(SteadyTime now)
{
    return m_now = std::max(m_now, now);
}

RateBook::CounterName RateBook::nameOf(const RateRule &rule)
{
    return {rule.counter, rule.unit, rule.period};
}

RateBook::Counter RateBook::counterOf(const RateRule &rule, SteadyTime now)
{
    sweep(now);
    Counter &counter = m_counters[nameOf(rule)];
    if (!counter) {
        counter = std::make_shared<RateCounter>(rule);
    }
    counter->window.advance(now);
    return counter;
}

/// Forgets counters that count nothing and that no call will settle in, whenever there are twice as many as were left the last time.
void RateBook::sweep(SteadyTime now)
{
    if (m_counters.size() < m_sweepAt) {
        return;
    }
    m_counters.removeIf([now](const auto &entry) {
        RateCounter &counter = *entry.value();
        counter.window.advance(now);
        return entry.value().use_count() == 1 && counter.window.sum() == 0;
    });
    m_sweepAt = std::max<qsizetype>(1024, m_counters.size() * 2);
}

} // namespace delta::limits
