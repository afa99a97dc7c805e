// labels: db money
// services: postgres
// dialects: both
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;
using ports::ResetRecord;

namespace {

/// 2026-05-28T21:00:00Z, a Thursday.
constexpr WallTime fullHour(1'780'002'000'000ms);
constexpr WallTime midnight = fullHour - 21h;

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget teamBudget(const QString &id = u"b1"_s)
{
    Budget budget;
    budget.id = id;
    budget.scope = BudgetScope::Team;
    budget.scopeId = u"team-1"_s;
    budget.maxBudget = nanos(1000);
    return budget;
}

} // namespace

class BudgetResetsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::uint64_t m_offset = 0;

    /// Posts a call of the team.
    void post(WallTime at, std::int64_t cost)
    {
        SpendEntry entry = sampleEntry("r" + QByteArray::number(quint64(m_offset)), nanos(cost));
        entry.startedAt = at;
        QVERIFY(m_store->apply({{m_offset, entry}}, {m_offset + 8, m_offset + 8}).has_value());
        m_offset += 8;
    }
    std::optional<ResetRecord> reset(WallTime at, const QString &id = u"b1"_s)
    {
        return m_store->resetBudget({id, at, u"ann"_s, u"a refund"_s}).value();
    }
    Money spentSince(WallTime since)
    {
        const auto soFar = m_store->spendingOf(teamBudget(), since).value();
        Money sum;
        for (const ports::Spending &spending : soFar.spendings) {
            sum += spending.amount;
        }
        return sum;
    }
    /// Runs a statement behind the store's back. Returns whether it was taken.
    bool execute(const QString &statement)
    {
        const auto database = Database::open(m_place->address()).value();
        return database->execute(statement).has_value();
    }
    QString mismatches()
    {
        return m_store->verify().value().mismatches.join(u'\n');
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"journal"_s);
        m_offset = 0;
    }
    void cleanup()
    {
        m_store.reset();
    }

    void notesWhoResetABudgetAndWhatWasSpent()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        post(fullHour - 2h, 100);
        post(fullHour + 29min, 20);
        post(fullHour + 30min, 3);
        const WallTime at = fullHour + 30min;
        const auto record = reset(at);
        QVERIFY(record);
        const ResetRecord expected{record->id,    u"b1"_s,    at,        u"ann"_s,
                                   u"a refund"_s, WallTime(), nanos(120)};
        QVERIFY(*record == expected);
        QCOMPARE(m_store->loadBudgets()->front().lastReset, std::optional(at));
        QVERIFY(m_store->resetsOf(u"b1"_s).value() == std::vector{expected});
        QCOMPARE(spentSince(at), nanos(3));
        QCOMPARE(mismatches(), QString());
    }

    void notesSinceWhenABudgetCounted_data()
    {
        QTest::addColumn<Budget>("budget");
        QTest::addColumn<WallTime>("begin");
        QTest::addColumn<qint64>("spent");
        Budget budget = teamBudget();
        QTest::newRow("for ever") << budget << WallTime() << qint64(1111);
        budget.duration = Period{1, PeriodUnit::Day};
        QTest::newRow("a day") << budget << midnight << qint64(111);
        budget.timeZone = u"Europe/Berlin"_s;
        QTest::newRow("a day elsewhere") << budget << midnight - 2h << qint64(1111);
        budget.reset = BudgetReset::Rolling;
        budget.duration = Period{1, PeriodUnit::Hour};
        QTest::newRow("rolling") << budget << fullHour - 30min << qint64(11);
    }
    void notesSinceWhenABudgetCounted()
    {
        QFETCH(const Budget, budget);
        QFETCH(const WallTime, begin);
        QFETCH(const qint64, spent);
        QVERIFY(m_store->insertBudget(budget).has_value());
        post(midnight - 1ms, 1000);
        post(fullHour - 30min - 1ms, 100);
        post(fullHour - 30min, 10);
        post(fullHour + 29min, 1);
        post(fullHour + 31min, 5);
        const auto record = reset(fullHour + 30min);
        QCOMPARE(record->windowBegin, begin);
        QCOMPARE(record->spentBefore, nanos(spent));
        const auto next = reset(fullHour + 40min);
        QCOMPARE(next->windowBegin, fullHour + 30min);
        QCOMPARE(next->spentBefore, nanos(5));
        QCOMPARE(mismatches(), QString());
    }

    void beginsNoWindowBeforeThatOfAnEarlierReset()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        QCOMPARE(reset(fullHour)->at, fullHour);
        QCOMPARE(reset(fullHour)->at, fullHour + 1ms);
        QCOMPARE(reset(fullHour - 5h)->at, fullHour + 2ms);
        const auto records = m_store->resetsOf(u"b1"_s).value();
        QCOMPARE(records.size(), std::size_t(3));
        QCOMPARE(records.front().at, fullHour + 2ms);
        QCOMPARE(mismatches(), QString());
    }

    void resetsOneBudgetAndNoOther()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        QVERIFY(m_store->insertBudget(teamBudget(u"b2"_s)).has_value());
        QVERIFY(!reset(fullHour, u"nobody's"_s));
        QVERIFY(reset(fullHour, u"b2"_s));
        QVERIFY(!m_store->loadBudgets()->front().lastReset);
        QVERIFY(m_store->resetsOf(u"b1"_s)->empty());
        QVERIFY(m_store->resetsOf(u"nobody's"_s)->empty());
    }

    void tellsOtherGatewaysOfAReset()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        const qint64 before = m_store->budgetVersion().value();
        QVERIFY(reset(fullHour));
        QVERIFY(m_store->budgetVersion().value() != before);
    }

    void keepsTheResetOfABudgetThatIsChanged()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        QVERIFY(reset(fullHour));
        Budget changed = teamBudget();
        changed.maxBudget = nanos(7);
        QVERIFY(m_store->updateBudget(changed).value());
        changed.lastReset = fullHour;
        QVERIFY(m_store->loadBudgets().value() == std::vector{changed});
    }

    void keepsTheHistoryOfABudgetThatIsGone()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        post(fullHour - 1h, 9);
        QVERIFY(reset(fullHour));
        QVERIFY(m_store->removeBudget(u"b1"_s).value());
        QCOMPARE(m_store->resetsOf(u"b1"_s)->size(), std::size_t(1));
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        QVERIFY(!m_store->loadBudgets()->front().lastReset); // It is another one.
        const auto record = reset(fullHour);
        QCOMPARE(record->at, fullHour + 1ms);
        QCOMPARE(record->spentBefore, nanos(9));
        QCOMPARE(mismatches(), QString());
    }

    void letsNobodyChangeTheHistory()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        QVERIFY(reset(fullHour));
        QVERIFY(!execute(u"UPDATE budget_resets SET spent_before_nanos = 0"_s));
        QVERIFY(!execute(u"DELETE FROM budget_resets"_s));
        QCOMPARE(m_store->resetsOf(u"b1"_s)->size(), std::size_t(1));
    }

    // A call that reserved before and is settled after.
    void proofAllowsCallsThatEndedAfterTheReset()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        post(fullHour - 1h, 9);
        QVERIFY(reset(fullHour));
        post(fullHour - 1ms, 5);
        QCOMPARE(mismatches(), QString());
    }

    void proofFindsAResetThatCannotBe_data()
    {
        QTest::addColumn<QString>("statement");
        QTest::addColumn<QString>("found");
        const QString insert =
            u"INSERT INTO budget_resets (budget_id, reset_at, reset_by, reason, window_from, "
            "spent_before_nanos, scope, scope_id, member_id) VALUES ('b1', %1, 'x', '', 0, %2, "
            "'team', 'team-1', '')"_s;
        QTest::newRow("more than the calls cost")
            << insert.arg(1'780'002'000'001).arg(10) << u"the calls of its window cost"_s;
        QTest::newRow("an earlier one later")
            << insert.arg(1'780'001'999'999).arg(0) << u"an earlier one was noted later"_s;
        QTest::newRow("a budget that does not hold to it")
            << u"UPDATE budgets SET last_reset_at = last_reset_at - 1"_s << u"is not the newest"_s;
    }
    void proofFindsAResetThatCannotBe()
    {
        QFETCH(const QString, statement);
        QFETCH(const QString, found);
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        post(fullHour - 1h, 9);
        QVERIFY(reset(fullHour));
        QVERIFY(execute(statement));
        QVERIFY2(mismatches().contains(found), qPrintable(mismatches()));
    }

    // All of the hour counts then: too much, never too little.
    void countsEnoughOnceTheCallsOfTheFirstHourAreGone()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        post(fullHour + 10min, 1);
        QVERIFY(reset(fullHour + 30min));
        post(fullHour + 40min, 20);
        post(fullHour + 2h, 300);
        QCOMPARE(spentSince(fullHour + 30min), nanos(320));
        while (m_store->removeEventsBefore(fullHour + 24h * 60).value()) { }
        QCOMPARE(spentSince(fullHour + 30min), nanos(321));
        QCOMPARE(mismatches(), QString());
    }

    void takesManyAtOnce()
    {
        QVERIFY(m_store->insertBudget(teamBudget()).has_value());
        std::atomic<int> failures = 0;
        std::vector<std::jthread> threads;
        for (int thread = 0; thread < 3; ++thread) {
            threads.emplace_back([this, &failures] {
                Store store(m_place->address(), m_clock, u"journal"_s);
                for (int turn = 0; turn < 10; ++turn) {
                    const auto record = store.resetBudget({u"b1"_s, fullHour, u"ann"_s, {}});
                    failures += record && *record ? 0 : 1;
                }
            });
        }
        threads.clear();
        QCOMPARE(failures.load(), 0);
        QCOMPARE(m_store->resetsOf(u"b1"_s)->size(), std::size_t(30));
        QCOMPARE(m_store->loadBudgets()->front().lastReset, std::optional(fullHour + 29ms));
        QCOMPARE(mismatches(), QString());
    }
};

QTEST_GUILESS_MAIN(BudgetResetsTest)
#include "tst_budget_resets.moc"
