// labels: unit money hostile
#include "tests/gateway/admin/budget_service_rig.h"

#include <QTest>

#include <chrono>
#include <optional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::admin::BudgetService;
using delta::admin::test::budgetOf;
using delta::admin::test::BudgetServiceRig;
using delta::admin::test::idsOf;
using delta::admin::test::usd;

/// What begins budgets anew, and what a configuration file does to them.
class BudgetChangesTest : public QObject, private BudgetServiceRig
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        begin();
    }
    void resetsABudgetAtOnce_data();
    void resetsABudgetAtOnce();
    void resetsEveryBudgetOfAKey();
    void refusesAReasonThatCannotBeShown();
    void noResetIsHalfDone();
    void adoptsTheBudgetsOfAFile();
    void leavesBudgetsOfAFileToTheFile();
};

void BudgetChangesTest::resetsABudgetAtOnce_data()
{
    QTest::addColumn<bool>("isRunning");
    QTest::newRow("in a gateway") << true;
    QTest::newRow("on the command line") << false;
}

void BudgetChangesTest::resetsABudgetAtOnce()
{
    QFETCH(const bool, isRunning);
    BudgetService budgets = isRunning ? service() : lonelyService();
    m_store.spendings[u"b"_s] = {{m_clock.now, usd(u"10")}};
    QVERIFY(budgets.create(budgetOf(u"b"_s)));
    const WallTime at = m_clock.now + 1ms; // All of this millisecond counts before it.
    const auto restart = budgets.reset(u"b"_s, u"ann"_s, u"a refund"_s);
    QVERIFY(restart && *restart);
    QCOMPARE((*restart)->state.spent, Money());
    QCOMPARE((*restart)->state.left(), usd(u"10"));
    QCOMPARE((*restart)->state.budget.lastReset, std::optional(at));
    QCOMPARE((*restart)->record.spentBefore, usd(u"10"));
    QCOMPARE((*restart)->record.by, u"ann"_s);
    QCOMPARE((*restart)->record.reason, u"a refund"_s);
    QCOMPARE(refusalOf(usd(u"10")), QString());
    const auto history = budgets.resets(u"b"_s);
    QVERIFY(history && *history == std::vector{(*restart)->record});
    // A change of the budget does not undo it.
    const auto replaced = budgets.set(budgetOf(u"b"_s));
    QVERIFY(replaced);
    QCOMPARE(replaced->spent, Money());
    const auto unknown = budgets.reset(u"nobody"_s, u"ann"_s);
    QVERIFY(unknown && !*unknown);
}

void BudgetChangesTest::resetsEveryBudgetOfAKey()
{
    for (const QString &id : {u"daily"_s, u"key-sales"_s}) {
        QVERIFY(service().create(budgetOf(id, BudgetScope::Key)));
    }
    QVERIFY(service().create(budgetOf(u"team"_s)));
    const auto restarts = service().resetOfKey(u"sales"_s, u"ann"_s);
    QVERIFY(restarts);
    QCOMPARE(restarts->size(), 2U);
    for (const Budget &budget : m_store.budgets) {
        QCOMPARE(budget.lastReset.has_value(), budget.scope == BudgetScope::Key);
    }
    const auto none = service().resetOfKey(u"nobody"_s, u"ann"_s);
    QVERIFY(none && none->empty());
}

void BudgetChangesTest::refusesAReasonThatCannotBeShown()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    for (const QString &reason : {u"a\nb"_s, QString(501, u'x'), QString(1, QChar(0))}) {
        const auto refused = service().reset(u"b"_s, u"ann"_s, reason);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(refused.error().param, u"reason"_s);
    }
    QVERIFY(m_store.resets.empty());
    QVERIFY(service().reset(u"b"_s, u"ann"_s, u"Rückzahlung 😀"_s));
}

// What is settled and not in the store would be missing in the record, and then in the book.
void BudgetChangesTest::noResetIsHalfDone()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    m_flushed = failure(ApiError::storeUnavailable(u"The journal is behind."_s));
    QCOMPARE(service().reset(u"b"_s, u"ann"_s).error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(m_store.resets.empty());
    m_flushed = Result<void>();
    m_store.hidesSpending = true;
    QCOMPARE(service().reset(u"b"_s, u"ann"_s).error().kind, ErrorKind::StoreUnavailable);
    m_store.hidesSpending = false;
    const auto again = service().reset(u"b"_s, u"ann"_s);
    QVERIFY(again && *again);
    QCOMPARE(refusalOf(usd(u"10")), QString());
    QCOMPARE(refusalOf(usd(u"10.000000001")), u"b"_s);
}

void BudgetChangesTest::adoptsTheBudgetsOfAFile()
{
    Budget limit = budgetOf(u"config-provider-a"_s, BudgetScope::Provider);
    const Budget other = budgetOf(u"config-provider-b"_s, BudgetScope::Provider);
    QVERIFY(service().create(budgetOf(u"ours"_s)));
    QCOMPARE(service().adopt({limit, other}).value(), QStringList());
    QCOMPARE(service().adopt({limit, other}).value(), QStringList()); // Nothing is new.
    QCOMPARE(m_store.budgets.size(), 3U);
    limit.maxBudget = usd(u"11");
    limit.duration = Period{7, PeriodUnit::Day};
    const QStringList changed{u"config-provider-b"_s, u"config-provider-a"_s};
    QCOMPARE(service().adopt({limit}).value(), changed);
    QCOMPARE(m_store.budgets.size(), 2U);
    QVERIFY(std::ranges::contains(m_store.budgets, limit));
    QVERIFY(std::ranges::contains(m_store.budgets, budgetOf(u"ours"_s)));
    QCOMPARE(service().adopt({}).value(), QStringList{u"config-provider-a"_s});
    QCOMPARE(idsOf(m_store.budgets), QStringList{u"ours"_s});
}

void BudgetChangesTest::leavesBudgetsOfAFileToTheFile()
{
    const Budget budget = budgetOf(u"config-provider-a"_s, BudgetScope::Provider);
    QVERIFY(service().adopt({budget}));
    Budget more = budget;
    more.maxBudget = usd(u"1000");
    const std::vector<Result<void>> refused{
        service().create(more).transform([](const auto &) { }),
        service().set(more).transform([](const auto &) { }),
        service().replace(more).transform([](const auto &) { }),
        service().update(budget.id, {{"max_budget"_L1, 1000}}).transform([](const auto &) { }),
        service().remove(budget.id).transform([](bool) { }),
        lonelyService().remove(budget.id).transform([](bool) { })};
    for (const Result<void> &result : refused) {
        QVERIFY(!result);
        QCOMPARE(result.error().kind, ErrorKind::InvalidRequest);
        QCOMPARE(result.error().param, u"budget_id"_s);
        QVERIFY(result.error().message.contains(u"configuration file"_s));
    }
    QVERIFY(m_store.budgets == std::vector{budget});
}

QTEST_GUILESS_MAIN(BudgetChangesTest)
#include "tst_budget_changes.moc"
