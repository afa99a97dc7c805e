#include "gateway/store/budget_tally.h"

#include "gateway/store/budget_spending.h"
#include "shared/billing/budget_window.h"

#include <algorithm>
#include <cstddef>

namespace delta::store {

namespace {

using std::chrono::milliseconds;

bool isRolling(const Budget &budget)
{
    return budget.duration && budget.reset == BudgetReset::Rolling;
}

/// A window may end while its sums are on their way, so that one of the calendar has more than one sum too.
milliseconds stepOf(const Budget &budget)
{
    return isRolling(budget) ? rollingStep(*budget.duration) : spendingGrain(budget);
}

/// So many more sums than when it was last asked for are more than it takes to read anew.
constexpr std::size_t mostNewSums = 1000;

/// Says whether both are added up from the same calls in the same way.
bool areAlike(const Budget &a, const Budget &b)
{
    return a.scope == b.scope && a.scopeId == b.scopeId && a.memberId == b.memberId
        && a.duration == b.duration && a.reset == b.reset;
}

} // namespace

BudgetTally::BudgetTally(const Budget &budget, WallTime since)
    : m_budget(budget)
    , m_since(since)
    , m_step(stepOf(budget))
    , m_blur(m_step % spendingGrain(budget) == milliseconds(0) ? milliseconds(0)
                                                               : spendingGrain(budget))
{
}

void BudgetTally::add(const ports::Spending &spending)
{
    if (spending.at < m_since) {
        return;
    }
    // No call began before 1970: the poster sees to that.
    ports::Spending &sum = m_sums[spending.at.time_since_epoch() / m_step];
    sum.at = std::max(sum.at, spending.at);
    sum.amount += spending.amount;
}

bool BudgetTally::moveTo(const Budget &budget, WallTime since)
{
    if (!areAlike(m_budget, budget) || since < m_since) {
        return false;
    }
    if (since == m_since) {
        m_sumsWhenAsked = m_sums.size();
        return true;
    }
    std::erase_if(m_sums, [since](const auto &sum) { return sum.second.at < since; });
    if (!m_sums.empty() && WallTime(m_sums.begin()->first * m_step) - m_blur < since) {
        return false;
    }
    m_since = since;
    m_sumsWhenAsked = m_sums.size();
    return true;
}

bool BudgetTally::isOvergrown() const
{
    return m_sums.size() > m_sumsWhenAsked + mostNewSums;
}

std::vector<ports::Spending> BudgetTally::spendings() const
{
    std::vector<ports::Spending> all;
    all.reserve(m_sums.size());
    for (const auto &[step, sum] : m_sums) {
        all.push_back(sum);
    }
    return all;
}

} // namespace delta::store
