#pragma once

#include "gateway/admin/budget_service.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/support/fake_budget_store.h"

#include <QString>
#include <QStringList>

#include <memory>
#include <vector>

namespace delta::admin::test {

using namespace Qt::StringLiterals;

inline Money usd(QStringView text)
{
    return Money::fromUsd(text).value();
}

inline Budget budgetOf(const QString &id, BudgetScope scope = BudgetScope::Team)
{
    Budget budget;
    budget.id = id;
    budget.scope = scope;
    budget.scopeId = u"sales"_s;
    budget.maxBudget = usd(u"10");
    return budget;
}

inline QStringList idsOf(const std::vector<Budget> &budgets)
{
    QStringList ids;
    for (const Budget &budget : budgets) {
        ids.append(budget.id);
    }
    return ids;
}

/// A service over a store that a test sees, and the book that a running gateway has.
struct BudgetServiceRig {
    /// Begins anew, with nothing in it.
    void begin()
    {
        m_store = delta::test::FakeBudgetStore();
        m_clock = auth::test::StoppedClock();
        m_flushed = Result<void>();
        m_book = std::make_unique<limits::BudgetBook>();
        m_loader = std::make_unique<limits::BudgetLoader>(
            limits::BudgetLoader::Parts{m_store, *m_book, m_clock, [this] { return m_flushed; }});
    }
    /// As in a gateway that runs.
    [[nodiscard]] BudgetService service()
    {
        return BudgetService({m_store, m_clock, m_random, m_loader.get(), m_book.get()});
    }
    /// As on the command line.
    [[nodiscard]] BudgetService lonelyService()
    {
        return BudgetService({m_store, m_clock, m_random});
    }
    /// Says what a call with the team's keys is refused by; empty if by nothing.
    [[nodiscard]] QString refusalOf(Money amount)
    {
        SpendEntry call;
        call.teamId = "sales";
        const auto hold = m_book->reserve(call, amount, m_clock.now);
        return hold ? QString() : hold.error().budget.id;
    }

    delta::test::FakeBudgetStore m_store;
    auth::test::StoppedClock m_clock;
    SystemRandom m_random;
    Result<void> m_flushed;
    std::unique_ptr<limits::BudgetBook> m_book;
    std::unique_ptr<limits::BudgetLoader> m_loader;
};

} // namespace delta::admin::test
