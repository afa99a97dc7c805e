#pragma once

#include "gateway/limits/budget_book.h"

#include <QByteArray>
#include <QString>

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

namespace delta::limits::test {

using namespace Qt::StringLiterals;

inline constexpr WallTime start = WallTime(
    std::chrono::milliseconds(1'795'824'000'000)); // 2026-11-28, midnight in UTC.

inline Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

inline SpendEntry callOf(const QByteArray &key)
{
    SpendEntry call;
    call.keyId = key;
    call.userId = "ann";
    call.teamId = "sales";
    call.endUser = "customer";
    call.model = "gpt";
    call.deploymentId = "gpt-1";
    call.provider = "acme";
    call.startedAt = start;
    return call;
}

inline Budget budgetOf(const QString &id, BudgetScope scope, const QString &object,
                       std::optional<std::int64_t> limit)
{
    Budget budget;
    budget.id = id;
    budget.scope = scope;
    budget.scopeId = object;
    budget.maxBudget = limit.transform(nanos);
    return budget;
}

inline Budget keyBudget(std::optional<std::int64_t> limit)
{
    return budgetOf(u"b"_s, BudgetScope::Key, u"k1"_s, limit);
}

inline BudgetState stateOf(BudgetBook &book, const QString &id, WallTime now = start)
{
    for (const BudgetState &state : book.states(now)) {
        if (state.budget.id == id) {
            return state;
        }
    }
    return {};
}

/// Puts a budget for which nothing was spent before, or so much.
inline void enter(BudgetBook &book, const Budget &budget, std::int64_t spent = 0)
{
    book.put(budget, start);
    book.load(budget.id, {1000, {{start, nanos(spent)}}});
}

/// Settles a call behind all that the store had when a budget was entered.
inline void settle(BudgetBook &book, BudgetHold hold, SpendEntry call, std::int64_t cost,
                   std::uint64_t offset = 2000)
{
    call.cost = nanos(cost);
    book.settle(std::move(hold), call, offset);
}

} // namespace delta::limits::test
