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
        , period(rule.period)
        , window(std::max(milliseconds(1), rule.period))
    {
    }
    [[nodiscard]] bool isOf(const RateRule &rule) const
    {
        return unit == rule.unit && period == rule.period;
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
    const milliseconds period;
    SlidingSum<SteadyTime, qint64> window;
    qint64 running = 0;
    std::uint64_t lastCall = 0; ///< That was let through, of the book's.
};

/// All that is counted of one subject, such as a key: a handful.
struct RateSubjectCounters {
    /// Returns the rule's counter; null: there is none.
    [[nodiscard]] RateCounter *find(const RateRule &rule) const
    {
        const auto found = std::ranges::find_if(
            counters, [&rule](const auto &counter) { return counter->isOf(rule); });
        return found == counters.end() ? nullptr : found->get();
    }
    [[nodiscard]] RateCounter *findOrAdd(const RateRule &rule)
    {
        RateCounter *counter = find(rule);
        return counter ? counter : counters.emplace_back(std::make_unique<RateCounter>(rule)).get();
    }

    std::vector<std::unique_ptr<RateCounter>> counters;
};

namespace {

using Counters = std::vector<RateCounter *>;

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
RateState stateOf(RateRule rule, const RateCounter *counter, SteadyTime now)
{
    const qint64 used = counter ? counter->used() : 0;
    return {std::move(rule), used, used == 0 ? milliseconds::zero() : counter->fallsTo(0, now)};
}

std::vector<RateState> statesOf(std::vector<RateRule> rules, const Counters &counters,
                                SteadyTime now)
{
    std::vector<RateState> states;
    states.reserve(rules.size());
    for (auto &&[rule, counter] : std::views::zip(rules, counters)) {
        states.push_back(stateOf(std::move(rule), counter, now));
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

std::expected<RateHold, RateRefusal> RateBook::admit(std::vector<RateRule> rules, qint64 tokens,
                                                     SteadyTime now)
{
    if (rules.empty()) {
        return RateHold();
    }
    const std::scoped_lock lock(m_mutex);
    now = advance(now);
    RateHold hold = look(rules, now);
    if (auto refusal = refusalOf(rules, hold.m_counters, tokens, now)) {
        refusal->states = statesOf(std::move(rules), hold.m_counters, now);
        return std::unexpected(*std::move(refusal));
    }
    const Counters ofRules = hold.m_counters;
    count(hold, tokens, now);
    hold.m_states = statesOf(std::move(rules), ofRules, now);
    return hold;
}

/// Finds the counters of rules, as of now: one for each, so that one may be there several times.
RateHold RateBook::look(std::span<const RateRule> rules, SteadyTime now)
{
    sweep(now);
    RateHold found;
    found.m_counters.reserve(rules.size());
    const QByteArray *last = nullptr;
    for (const RateRule &rule : rules) {
        if (!last || *last != rule.counter) {
            Subject &subject = m_subjects[rule.counter];
            if (!subject) {
                subject = std::make_shared<RateSubjectCounters>();
            }
            found.m_subjects.push_back(subject);
            last = &rule.counter;
        }
        RateCounter *counter = found.m_subjects.back()->findOrAdd(rule);
        counter->window.advance(now);
        found.m_counters.push_back(counter);
    }
    return found;
}

/// Counts a call in each of the hold's counters, which are there once afterwards.
void RateBook::count(RateHold &hold, qint64 tokens, SteadyTime now)
{
    ++m_calls;
    std::erase_if(hold.m_counters, [&](RateCounter *counter) {
        if (std::exchange(counter->lastCall, m_calls) == m_calls) {
            return true;
        }
        counter->change(1, 1, tokens, now);
        return false;
    });
    hold.m_book = this;
    hold.m_tokens = tokens;
    hold.m_at = now;
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
    for (RateCounter *counter : hold.m_counters) {
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
        const Subject subject = m_subjects.value(rule.counter);
        RateCounter *counter = subject ? subject->find(rule) : nullptr;
        if (counter) {
            counter->window.advance(now);
        }
        states.push_back(stateOf(rule, counter, now));
    }
    return states;
}

qsizetype RateBook::size()
{
    const std::scoped_lock lock(m_mutex);
    return m_subjects.size();
}

SteadyTime RateBook::advance(SteadyTime now)
{
    return m_now = std::max(m_now, now);
}

/// Forgets subjects that count nothing and that no call will settle in, whenever there are twice as many as
/// were left the last time.
void RateBook::sweep(SteadyTime now)
{
    if (m_subjects.size() < m_sweepAt) {
        return;
    }
    m_subjects.removeIf([now](const auto &entry) {
        const Subject &subject = entry.value();
        return subject.use_count() == 1
            && std::ranges::all_of(subject->counters, [now](const auto &counter) {
                   counter->window.advance(now);
                   return counter->window.sum() == 0;
               });
    });
    m_sweepAt = std::max<qsizetype>(1024, m_subjects.size() * 2);
}

} // namespace delta::limits
