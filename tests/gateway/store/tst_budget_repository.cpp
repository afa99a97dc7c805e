// labels: db
// services: postgres
// dialects: both
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;

namespace {

Budget budgetOf(BudgetScope scope)
{
    Budget budget;
    budget.id = u"b1"_s;
    budget.scope = scope;
    budget.scopeId = scope == BudgetScope::Gateway ? QString() : u"a"_s;
    budget.memberId = scope == BudgetScope::TeamMember ? u"b"_s : QString();
    return budget;
}

/// Makes a budget in which every field has a value of its own.
Budget fullBudget(const QString &id)
{
    Budget budget = budgetOf(BudgetScope::TeamMember);
    budget.id = id;
    budget.maxBudget = Money::fromNanos(25'000'000'001);
    budget.softBudget = Money::fromNanos(20'000'000'002);
    budget.duration = Period{2, PeriodUnit::Week};
    budget.reset = BudgetReset::Rolling;
    budget.timeZone = u"Europe/Berlin"_s;
    budget.increase = Money::fromNanos(5'000'000'003);
    budget.increaseUntil = WallTime(1'780'002'000'007ms);
    return budget;
}

} // namespace

class BudgetRepositoryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;

    QString path() const
    {
        return m_place->address();
    }

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(path(), m_clock, QStringLiteral("journal"));
    }
    /// What is kept of budgets must not disturb the books.
    void cleanup()
    {
        const Verification verification = m_store->verify().value();
        QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
        m_store.reset();
    }

    void readsBackEveryFieldOfABudget()
    {
        const Budget full = fullBudget(u"full"_s);
        Budget bare = budgetOf(BudgetScope::Gateway);
        bare.id = u"bare"_s;
        Budget nothing = budgetOf(BudgetScope::Key);
        nothing.id = u"nothing to spend"_s;
        nothing.maxBudget = Money();
        nothing.softBudget = Money::fromNanos(std::numeric_limits<std::int64_t>::max());
        nothing.scopeId = u"名前 'quoted' ?1"_s;
        for (const Budget &budget : {full, nothing, bare}) {
            QVERIFY(m_store->insertBudget(budget).has_value());
        }
        const auto budgets = m_store->loadBudgets().value();
        QCOMPARE(budgets.size(), std::size_t(3));
        QVERIFY(budgets[0] == bare);
        QVERIFY(budgets[1] == full);
        QVERIFY(budgets[2] == nothing);
    }

    void keepsEveryScope()
    {
        for (const auto &[scope, name] : enumNames(BudgetScope())) {
            Budget budget = budgetOf(scope);
            budget.id = QString(name);
            QVERIFY(m_store->insertBudget(budget).has_value());
            QVERIFY(std::ranges::contains(m_store->loadBudgets().value(), budget));
        }
    }

    void refusesASecondBudgetWithTheSameId()
    {
        QVERIFY(m_store->insertBudget(fullBudget(u"b1"_s)).has_value());
        const auto refused = m_store->insertBudget(budgetOf(BudgetScope::Key));
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(refused.error().param, u"budget_id"_s);
        QVERIFY(refused.error().message.contains(u"'b1'"_s));
        QVERIFY(m_store->loadBudgets().value() == std::vector{fullBudget(u"b1"_s)});
    }

    void replacesABudget()
    {
        const Budget other = fullBudget(u"b2"_s);
        QVERIFY(m_store->insertBudget(budgetOf(BudgetScope::Key)).has_value());
        QVERIFY(m_store->insertBudget(other).has_value());
        QVERIFY(m_store->updateBudget(fullBudget(u"b1"_s)).value());
        QVERIFY(m_store->loadBudgets().value() == (std::vector{fullBudget(u"b1"_s), other}));
        QVERIFY(m_store->updateBudget(budgetOf(BudgetScope::Key)).value());
        QVERIFY(m_store->loadBudgets().value() == (std::vector{budgetOf(BudgetScope::Key), other}));
        QVERIFY(!m_store->updateBudget(fullBudget(u"nobody's"_s)).value());
        QCOMPARE(m_store->loadBudgets().value().size(), std::size_t(2));
    }

    void removesABudget()
    {
        QVERIFY(m_store->insertBudget(fullBudget(u"b1"_s)).has_value());
        QVERIFY(m_store->insertBudget(fullBudget(u"b2"_s)).has_value());
        QVERIFY(m_store->removeBudget(u"b1"_s).value());
        QVERIFY(!m_store->removeBudget(u"b1"_s).value());
        QVERIFY(!m_store->removeBudget(QString()).value());
        QVERIFY(m_store->loadBudgets().value() == std::vector{fullBudget(u"b2"_s)});
    }

    void changesTheVersionWithBudgetsAndNotWithSpend()
    {
        // Another process beside a running gateway.
        Store other(path(), m_clock, QStringLiteral("journal"));
        const qint64 empty = m_store->budgetVersion().value();
        QVERIFY(other.insertBudget(fullBudget(u"b1"_s)).has_value());
        const qint64 inserted = m_store->budgetVersion().value();
        QVERIFY(inserted != empty);
        QVERIFY(other.updateBudget(budgetOf(BudgetScope::Key)).value());
        const qint64 updated = m_store->budgetVersion().value();
        QVERIFY(updated != inserted);
        QVERIFY(m_store->apply({{0, sampleEntry("a")}}, {8, 8}).has_value());
        QVERIFY(!other.insertBudget(fullBudget(u"b1"_s)));
        QVERIFY(!other.updateBudget(fullBudget(u"b2"_s)).value());
        QVERIFY(!other.removeBudget(u"b2"_s).value());
        QCOMPARE(m_store->budgetVersion().value(), updated);
        QVERIFY(other.removeBudget(u"b1"_s).value());
        QVERIFY(m_store->budgetVersion().value() != updated);
    }

    void holdsNoBudgetThatCannotBe_data()
    {
        QTest::addColumn<QString>("change");
        QTest::newRow("scope") << u"scope = 'nobody'"_s;
        QTest::newRow("the gateway with an object") << u"scope = 'gateway'"_s;
        QTest::newRow("no object") << u"scope_id = ''"_s;
        QTest::newRow("no member") << u"member_id = ''"_s;
        QTest::newRow("a member of no team") << u"scope = 'user'"_s;
        QTest::newRow("debt") << u"max_budget_nanos = -1"_s;
        QTest::newRow("reset") << u"reset = 'never'"_s;
    }
    void holdsNoBudgetThatCannotBe()
    {
        QFETCH(const QString, change);
        QVERIFY(m_store->insertBudget(fullBudget(u"b1"_s)).has_value());
        const auto database = Database::open(path()).value();
        QVERIFY(!database->execute(u"UPDATE budgets SET "_s + change));
        QVERIFY(m_store->loadBudgets().value() == std::vector{fullBudget(u"b1"_s)});
    }

    // A budget that is left out would limit nobody.
    void loadsNoBudgetsIfOneCannotBeUnderstood()
    {
        QVERIFY(m_store->insertBudget(fullBudget(u"b1"_s)).has_value());
        const auto database = Database::open(path()).value();
        QVERIFY(database->execute(u"UPDATE budgets SET duration = 'soon'"_s).has_value());
        const auto refused = m_store->loadBudgets();
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::StoreUnavailable);
        QCOMPARE(refused.error().detail, u"budget 'b1': 'soon' means nothing here"_s);
    }
};

QTEST_GUILESS_MAIN(BudgetRepositoryTest)
#include "tst_budget_repository.moc"
