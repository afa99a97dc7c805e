#pragma once

#include "gateway/store/store.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/models/budget.h"
#include "tests/gateway/ledger/sample_entry.h"

#include <QByteArray>
#include <QString>
#include <QTest>

#include <chrono>
#include <cstdint>
#include <memory>
#include <utility>
#include <vector>

namespace delta::test {

/// 2026-05-28T21:00:00Z
inline constexpr WallTime fullHour(std::chrono::milliseconds(1'780'002'000'000));

inline Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

inline Money sumOf(const std::vector<ports::Spending> &spendings)
{
    Money sum;
    for (const ports::Spending &spending : spendings) {
        sum += spending.amount;
    }
    return sum;
}

inline Budget budgetOf(BudgetScope scope, const QString &id = QStringLiteral("b1"))
{
    Budget budget;
    budget.id = id;
    budget.scope = scope;
    budget.scopeId = scope == BudgetScope::Gateway ? QString() : QStringLiteral("a");
    budget.memberId = scope == BudgetScope::TeamMember ? QStringLiteral("a") : QString();
    budget.maxBudget = nanos(1000);
    return budget;
}

/// A call by everybody whose budgets there are.
inline SpendEntry callAt(WallTime time, std::int64_t cost)
{
    SpendEntry entry = sampleEntry("r", nanos(cost));
    entry.startedAt = time;
    for (QByteArray *name :
         {&entry.keyId, &entry.userId, &entry.teamId, &entry.endUser, &entry.model,
          &entry.deploymentId, &entry.provider, &entry.organizationId, &entry.tags}) {
        *name = "a";
    }
    return entry;
}

/// A gateway as the database meets it: one connection posts, another asks for grants.
class PlayedGateway
{
public:
    PlayedGateway(QString address, const Clock &clock, QString journal)
        : m_address(std::move(address))
        , m_clock(clock)
        , m_journal(std::move(journal))
        , m_ledger(m_address, clock, m_journal)
    {
        restart();
    }
    void restart()
    {
        m_grants = std::make_unique<store::Store>(m_address, m_clock, m_journal);
    }
    /// Posts calls in one batch, after so many bytes of something else.
    void post(const std::vector<SpendEntry> &calls, std::uint64_t gap = 0)
    {
        std::vector<ports::PostedEntry> entries;
        m_applied += gap;
        for (const SpendEntry &call : calls) {
            entries.push_back({m_applied, call});
            entries.back().entry.requestId = m_journal.toLatin1()
                + QByteArray::number(quint64(m_applied));
            m_applied += 8;
        }
        QVERIFY(m_ledger.apply(entries, {m_applied, m_applied}).has_value());
    }
    [[nodiscard]] std::uint64_t applied() const
    {
        return m_applied;
    }
    /// Returns what a renewal is told; it holds nothing.
    [[nodiscard]] ports::SpendingSoFar renewed(const Budget &budget, WallTime since)
    {
        ports::SpendingSoFar shown;
        const auto done = m_grants->renewGrant({budget, since},
                                               [&](const ports::GrantPicture &seen) {
                                                   shown = seen.before;
                                                   return ports::Grant();
                                               });
        if (!done) {
            qFatal("%ls", qUtf16Printable(done.error().detail));
        }
        return shown;
    }
    [[nodiscard]] Money spent(const Budget &budget, WallTime since = WallTime::min())
    {
        return sumOf(renewed(budget, since).spendings);
    }

private:
    QString m_address;
    const Clock &m_clock;
    QString m_journal;
    store::Store m_ledger;
    std::unique_ptr<store::Store> m_grants;
    std::uint64_t m_applied = 0;
};

} // namespace delta::test
