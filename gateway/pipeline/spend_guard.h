#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/openai/model_request.h"
#include "gateway/pipeline/grant_desk.h"
#include "gateway/pipeline/task.h"
#include "gateway/ports/http_reply.h"
#include "shared/billing/highest_cost.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/deployment.h"
#include "shared/models/spend_entry.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace delta::pipeline {

/// Keeps one call within its budgets. What it may cost at most is reserved before the provider is asked; a
/// stream that goes on for longer reserves more as it comes, or is stopped. Of one loop thread.
class SpendGuard
{
public:
    /// All outlive the guard. `desk` is null where no other gateway shares the budgets.
    SpendGuard(limits::BudgetBook &budgets, const Clock &clock, GrantDesk *desk = nullptr)
        : m_budgets(budgets)
        , m_clock(clock)
        , m_desk(desk)
    {
    }

    /// Whether answers may be made shorter than was asked for, so that a budget can pay for them.
    enum class Shortening { Allowed, Forbidden };

    /// The call that is to be paid for. All outlive the guard.
    struct Demand {
        openai::ModelRequest &request;
        const SpendEntry &call;
        const Deployment &deployment;
        Shortening shortening;
    };

    /// Reserves what the call may cost at most, in all budgets that it names. Where they have less, and
    /// shorter answers are allowed and still of use, it reserves what they have, and sets
    /// `request.outputCap`. Called once.
    /// Returns nothing where other gateways share a budget and their database must be asked for more: then
    /// reserveLater() has to be awaited.
    /// Errors: BudgetExceeded naming the budget.
    [[nodiscard]] std::optional<Result<void>> reserve(const Demand &demand);
    /// Goes on with what reserve() began, and waits for the database: for GrantDesk::patience in all, however often
    /// it has to be asked. `demand` outlives the task.
    /// Errors: as reserve(); StoreUnavailable if that database does not answer in that time.
    [[nodiscard]] Task<Result<void>> reserveLater(const Demand &demand);
    /// Makes sure that so much output, counted over all answers, is paid for before it is passed on.
    /// Returns nothing if that takes time: then coverLater() has to be asked.
    /// Errors: BudgetExceeded; the stream must end before that output.
    [[nodiscard]] std::optional<Result<void>> cover(qint64 outputTokens);
    /// The same, and waits for the database of several gateways, as reserveLater() does.
    /// Errors: as cover(); StoreUnavailable, likewise.
    [[nodiscard]] Task<Result<void>> coverLater(qint64 outputTokens);
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
    [[nodiscard]] std::optional<Result<void>> tryToReserve(const Demand &demand);
    void beginToAsk();
    [[nodiscard]] bool mayAsk(Money amount);
    [[nodiscard]] Task<Result<void>> ask(Money amount);
    [[nodiscard]] bool shorten(Money afford);
    [[nodiscard]] Result<void> refused(const Demand &demand);
    [[nodiscard]] std::optional<qint64> shorterAnswers(Money afford) const;
    [[nodiscard]] Result<void> overdrawn(qint64 outputTokens) const;
    [[nodiscard]] Money costOf(qint64 outputTokens) const;
    [[nodiscard]] bool extendAhead(qint64 outputTokens);
    [[nodiscard]] bool extendTo(qint64 outputTokens);

    limits::BudgetBook &m_budgets;
    const Clock &m_clock;
    GrantDesk *m_desk; ///< Null: this gateway is alone.
    const Pricing *m_pricing = nullptr;
    UsageBound m_bound; ///< What is reserved for.
    qint64 m_answers = 0;
    qint64 m_longest = 0;        ///< Output tokens of all answers, before any had to be shorter.
    std::optional<qint64> m_cap; ///< Of each answer, if it had to be shorter.
    int m_shorteningsLeft = 0;   ///< Others may take what an attempt saw to be left.
    int m_askingsLeft = 0;       ///< While other gateways hold what is left.
    SteadyTime m_askUntil{};     ///< When the call has waited long enough for room.
    limits::BudgetHold m_hold;
    std::optional<limits::BudgetState> m_tightest; ///< As of the last attempt to reserve.
    std::vector<QString> m_lacking; ///< Budgets for which asking may help, as of the last attempt.
};

} // namespace delta::pipeline
