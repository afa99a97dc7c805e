#include "gateway/limits/budget_account.h"

#include "shared/billing/budget_window.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace delta::limits {

namespace {

/// For how long a refusal tells of a budget that is used up.
constexpr std::chrono::minutes refusalMemory{1};
/// How far the clocks of two gateways may be apart without one spending what the other still holds.
constexpr std::chrono::minutes skew{1};

/// A gateway holds this much of what is left more than it needs at the moment, so that it need not ask for
/// every call; others can have it within a second after it is not used any more. One that spends more between two
/// renewals than that holds twice as much as it spent, or it would wait for the next one most of the time.
constexpr std::int64_t shareOfRest = 100;
constexpr Money largestReserve = Money::fromNanos(1'000'000'000);

Money leftOf(std::optional<Money> limit, Money spent, Money reserved)
{
    return limit ? std::max(Money(), *limit - spent - reserved) : endlessMoney;
}

/// Until when a grant is good here, and for how long it keeps others away.
struct Terms {
    WallTime until;
    std::optional<std::chrono::milliseconds> lifetime;
};

/// A grant is not used beyond the window that it was made in, nor beyond an increase of the limit. What it
/// covers in a rolling window has slid out of that after two lengths of it: one in which it is used, one in
/// which the last call counts, and what the sixtieths round up.
Terms termsOf(const Budget &budget, const SpendWindow &window, WallTime now)
{
    Terms terms{WallTime::max(), std::nullopt};
    if (budget.duration && budget.reset == BudgetReset::Rolling) {
        const std::chrono::milliseconds length = rollingLength(*budget.duration);
        terms = {now + length, 2 * length + length / 16 + skew};
    } else if (budget.duration) {
        const WallTime end = window.renewsAt().value_or(now);
        terms = {end, end - now + skew};
    }
    if (budget.increaseUntil && *budget.increaseUntil > now) {
        terms.until = std::min(terms.until, *budget.increaseUntil);
    }
    return terms;
}

} // namespace

Money BudgetState::left() const
{
    return leftOf(limit, spent, reserved);
}

Money BudgetAccount::leftAt(WallTime now)
{
    window.advance(now);
    return leftOf(budget.limitAt(now), window.spent(), *reserved);
}

Money BudgetAccount::roomAt(WallTime now)
{
    const Money left = leftAt(now);
    return grant ? std::min(left, grant->room(*reserved, now)) : left;
}

BudgetState BudgetAccount::stateAt(WallTime now)
{
    window.advance(now);
    return {budget, window.spent(), *reserved, budget.limitAt(now), window.renewsAt(), elsewhere};
}

ports::BudgetStanding BudgetAccount::standingAt(WallTime now)
{
    window.advance(now);
    const bool hasWindow = budget.duration && budget.reset == BudgetReset::Calendar;
    // A reset begins a window of its own where the calendar makes none.
    return {budget,
            window.spent(),
            budget.limitAt(now),
            hasWindow ? std::optional(window.begin()) : budget.lastReset,
            hasWindow ? window.renewsAt() : std::nullopt,
            refusedAt && now - *refusedAt <= refusalMemory};
}

void BudgetAccount::count(const Settlement &settlement)
{
    if (!isLoaded) {
        waiting.push_back(settlement);
    } else if (settlement.offset >= loadedUpTo) {
        window.add(settlement.spending.amount, settlement.spending.at);
        if (grant) {
            grant->count(settlement);
        }
    }
}

void BudgetAccount::load(const ports::SpendingSoFar &before, WallTime now)
{
    isLoaded = true;
    loadedUpTo = before.applied;
    window.add(before.spendings, now);
    for (const Settlement &settlement : std::exchange(waiting, {})) {
        count(settlement);
    }
}

void BudgetAccount::change(const Budget &its)
{
    if (grant && budget != its) {
        grant->revoke();
    }
    budget = its;
}

void BudgetAccount::see(SpendWindow fresh, std::uint64_t applied)
{
    window = std::move(fresh);
    for (const Settlement &settlement : grant->unseen()) {
        if (settlement.offset >= applied) {
            window.add(settlement.spending.amount, settlement.spending.at);
        }
    }
}

ports::Grant BudgetAccount::renew(SpendWindow fresh, const ports::GrantPicture &seen, Money asked,
                                  WallTime now)
{
    const Money shown = fresh.spent();
    see(std::move(fresh), seen.before.applied);
    elsewhere = seen.elsewhere;
    loadedUpTo = seen.before.applied;
    grant->see(loadedUpTo);
    const bool wasUsed = std::exchange(isUsed, false);
    const Money settled = grant->takeSettled();
    const std::optional<Money> limit = budget.limitAt(now);
    const Terms terms = termsOf(budget, window, now);
    if (!limit) {
        grant->revoke();
        return {};
    }
    const Money used = grant->used(*reserved);
    const Money free = std::max(Money(), *limit - shown - seen.elsewhere - used);
    Money more;
    if (wasUsed || asked > Money()) {
        const Money slice = Money::fromNanos(free.nanos() / shareOfRest);
        more = asked
            + std::max(asked, std::min(slice, std::max(largestReserve, settled + settled)));
    }
    const Money amount = used + std::min(more, free);
    grant->plan(amount, terms.until, now);
    return {amount, terms.lifetime};
}

ports::Grant BudgetAccount::heldInPlaceOf(const BudgetAccount &old, WallTime now) const
{
    if (!grant) {
        return {};
    }
    const Money ofOld = old.grant && old.reserved != reserved ? old.grant->used(*old.reserved)
                                                              : Money();
    return {grant->used(*reserved) + ofOld, termsOf(budget, window, now).lifetime};
}

} // namespace delta::limits
