#include "gateway/limits/budget_grant.h"

#include <algorithm>
#include <utility>

namespace delta::limits {

Money BudgetGrant::room(Money reserved, WallTime now) const
{
    return now < std::min(m_until, *m_trustedUntil) ? std::max(Money(), m_amount - used(reserved))
                                                    : Money();
}

void BudgetGrant::count(const Settlement &settlement)
{
    m_unseen.push_back(settlement);
    m_unseenSum += settlement.spending.amount;
    m_settled += settlement.spending.amount;
}

void BudgetGrant::see(std::uint64_t applied)
{
    Money seen;
    std::erase_if(m_unseen, [&seen, applied](const Settlement &settlement) {
        const bool isSeen = settlement.offset < applied;
        seen += isSeen ? settlement.spending.amount : Money();
        return isSeen;
    });
    m_unseenSum = m_unseenSum - seen;
}

void BudgetGrant::plan(Money amount, WallTime until, WallTime now)
{
    if (now < m_until) {
        m_amount = std::min(m_amount, amount);
        m_until = std::min(m_until, until);
    } else {
        m_amount = Money();
    }
    m_plan = Plan{amount, until};
}

void BudgetGrant::confirm()
{
    if (const auto plan = std::exchange(m_plan, std::nullopt)) {
        m_amount = plan->amount;
        m_until = plan->until;
    }
}

void BudgetGrant::revoke()
{
    m_plan.reset();
    m_amount = Money();
}

} // namespace delta::limits
