#pragma once

#include "gateway/ports/budget_store.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace delta::limits {

/// A call's cost, and where the gateway's journal has it.
struct Settlement {
    std::uint64_t offset = 0;
    ports::Spending spending;
};

/// What this gateway holds of a budget that it shares with others: what its calls reserve, and what they
/// settle until the database shows it, must stay within that. Not safe from several threads.
class BudgetGrant
{
public:
    /// `trustedUntil` is the time from which on nothing that is held may be used; it may move, and outlives the grant.
    explicit BudgetGrant(const WallTime &trustedUntil)
        : m_trustedUntil(&trustedUntil)
    {
    }
    /// Returns what may be reserved on top of `reserved` before the database is asked; not below zero.
    [[nodiscard]] Money room(Money reserved, WallTime now) const;
    /// Returns what must be held in any case.
    [[nodiscard]] Money used(Money reserved) const
    {
        return reserved + m_unseenSum;
    }
    /// Counts a settlement that the database did not show when it was last seen.
    void count(const Settlement &settlement);
    /// Returns what was settled since the last time that this was asked.
    [[nodiscard]] Money takeSettled()
    {
        return std::exchange(m_settled, Money());
    }
    /// Forgets the settlements that the database shows: all before that journal offset. A plan() follows: what
    /// is held then is beside what the database shows now.
    void see(std::uint64_t applied);
    [[nodiscard]] const std::vector<Settlement> &unseen() const
    {
        return m_unseen;
    }

    /// Notes what the database is about to be told that this gateway holds, up to a time of its own. Until
    /// confirm() the smaller of that and the old one counts: nobody knows which of them is written.
    void plan(Money amount, WallTime until, WallTime now);
    /// Says that it is written.
    void confirm();
    /// Ends it: nothing may be reserved before the database was asked again.
    void revoke();

private:
    struct Plan {
        Money amount;
        WallTime until;
    };

    const WallTime *m_trustedUntil;
    Money m_amount;             ///< Of what is reserved and not seen together.
    WallTime m_until{};         ///< When it ends.
    std::optional<Plan> m_plan; ///< Absent: none is being written.
    std::vector<Settlement> m_unseen;
    Money m_unseenSum;
    Money m_settled; ///< Since the last takeSettled().
};

} // namespace delta::limits
