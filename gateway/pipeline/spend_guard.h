#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/openai/model_request.h"
#include "gateway/ports/http_reply.h"
#include "shared/billing/highest_cost.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/deployment.h"
#include "shared/models/spend_entry.h"

#include <cstdint>
#include <optional>

namespace delta::pipeline {

/// Keeps one call within its budgets. What it may cost at most is reserved before the provider is asked; a
/// stream that goes on for longer reserves more as it comes, or is stopped. Of one loop thread.
class SpendGuard
{
public:
    /// Both outlive the guard.
    SpendGuard(limits::BudgetBook &budgets, const Clock &clock)
        : m_budgets(budgets)
        , m_clock(clock)
    {
    }

    /// Whether answers may be made shorter than was asked for, so that a budget can pay for them.
    enum class Shortening { Allowed, Forbidden };

    /// Reserves what the call may cost at most, in all budgets that `call` names. Where they have less,
    /// and shorter answers are allowed and still of use, it reserves what they have, and sets
    /// `request.outputCap`. Called once; `deployment` outlives the guard.
    /// Errors: BudgetExceeded naming the budget.
    [[nodiscard]] Result<void> reserve(openai::ModelRequest &request, const SpendEntry &call,
                                       const Deployment &deployment, Shortening shortening);
    /// Makes sure that so much output, counted over all answers, is paid for before it is passed on.
    /// Errors: BudgetExceeded; the stream must end before that output.
    [[nodiscard]] Result<void> cover(qint64 outputTokens);
    /// Returns when the call counts for its budgets, which the ledger must agree with: when it started, or
    /// later if a window ended while it went on.
    [[nodiscard]] WallTime countsAt(WallTime startedAt) const;
    /// Counts what the call cost, and gives the rest back. `offset` is that of its settlement in the
    /// journal. A guard that is never told gives all back when it dies.
    void settle(const SpendEntry &call, std::uint64_t offset);

    /// Returns the header fields that tell the client how its tightest budget stands; none where no
    /// budget limits the call.
    [[nodiscard]] ports::HeaderList fields() const;

private:
    [[nodiscard]] std::optional<qint64> shorterAnswers(const limits::BudgetState &tight) const;
    [[nodiscard]] Money costOf(qint64 outputTokens) const;
    [[nodiscard]] bool extendTo(qint64 outputTokens);

    limits::BudgetBook &m_budgets;
    const Clock &m_clock;
    const Pricing *m_pricing = nullptr;
    UsageBound m_bound; ///< What is reserved for.
    qint64 m_answers = 0;
    std::optional<qint64> m_cap; ///< Of each answer, if it had to be shorter.
    limits::BudgetHold m_hold;
    std::optional<limits::BudgetState> m_tightest; ///< As of the last attempt to reserve.
};

} // namespace delta::pipeline
