// labels: unit money hostile
#include "tests/gateway/admin/budget_service_rig.h"

#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <memory>
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
using delta::limits::BudgetState;

class BudgetServiceTest : public QObject, private BudgetServiceRig
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        begin();
    }
    void makesABudgetThatHoldsAtOnce();
    void givesABudgetAnIdIfItHasNone();
    void countsWhatWasSpentBefore_data();
    void countsWhatWasSpentBefore();
    void refusesAWrongBudget_data();
    void refusesAWrongBudget();
    void refusesAnIdThatIsTaken();
    void leavesNothingBehindIfABudgetCannotHold();
    void changesOnlyWhatAPatchNames();
    void clearsWhatAPatchSetsToNull();
    void keepsABudgetThatAPatchWouldSpoil_data();
    void keepsABudgetThatAPatchWouldSpoil();
    void saysThatTheChangeDoesNotHoldYet();
    void setsABudgetThatIsThereAndOneThatIsNot();
    void listsBudgetsById_data();
    void listsBudgetsById();
    void findsABudgetOfAnotherProcess();
    void removesABudget();
    void removesABudgetThatTheBookCannotForgetYet();
    void removesAllBudgetsOfAKey();
    void tellsOfAStoreThatIsDown();
};

void BudgetServiceTest::makesABudgetThatHoldsAtOnce()
{
    const auto state = service().create(budgetOf(u"b"_s));
    QVERIFY(state);
    QVERIFY(state->budget == budgetOf(u"b"_s));
    QCOMPARE(state->limit, std::optional(usd(u"10")));
    QVERIFY(m_store.budgets == std::vector{budgetOf(u"b"_s)});
    QCOMPARE(refusalOf(usd(u"10")), QString());
    QCOMPARE(refusalOf(usd(u"10.000000001")), u"b"_s);
}

void BudgetServiceTest::givesABudgetAnIdIfItHasNone()
{
    const auto first = service().create(budgetOf(QString()));
    const auto second = service().create(budgetOf(QString()));
    QVERIFY(first && second);
    QVERIFY(first->budget.id.startsWith(u"b-"));
    QCOMPARE(first->budget.id.size(), 14);
    QVERIFY(admin::checkBudgetId(first->budget.id));
    QVERIFY(first->budget.id != second->budget.id);
    QCOMPARE(m_store.budgets.size(), 2U);
}

void BudgetServiceTest::countsWhatWasSpentBefore_data()
{
    QTest::addColumn<bool>("isRunning");
    QTest::newRow("in a gateway") << true;
    QTest::newRow("on the command line") << false;
}

void BudgetServiceTest::countsWhatWasSpentBefore()
{
    QFETCH(const bool, isRunning);
    BudgetService budgets = isRunning ? service() : lonelyService();
    Budget wish = budgetOf(u"b"_s);
    wish.duration = Period{1, PeriodUnit::Day};
    m_store.spendings[u"b"_s] = {{m_clock.now - 24h, usd(u"100")}, // Of yesterday.
                                 {m_clock.now - 1h, usd(u"2.5")},
                                 {m_clock.now + 30min, usd(u"0.5")}}; // An hour that is not over.
    const auto created = budgets.create(wish);
    QVERIFY(created);
    const auto found = budgets.find(u"b"_s);
    QVERIFY(found && *found);
    for (const BudgetState &state : {*created, **found}) {
        QCOMPARE(state.spent, usd(u"3"));
        QCOMPARE(state.reserved, Money());
        QCOMPARE(state.left(), usd(u"7"));
        QVERIFY(state.renewsAt && *state.renewsAt - m_clock.now == 16h); // At midnight.
    }
}

void BudgetServiceTest::refusesAWrongBudget_data()
{
    QTest::addColumn<Budget>("wish");
    QTest::addColumn<QString>("param");
    const auto row = [](const char *name, const QString &param, auto change) {
        Budget wish = budgetOf(u"b"_s);
        change(wish);
        QTest::newRow(name) << wish << param;
    };
    row("no object", u"scope_id"_s, [](Budget &wish) { wish.scopeId.clear(); });
    row("object of all", u"scope_id"_s, [](Budget &wish) { wish.scope = BudgetScope::Gateway; });
    row("no member", u"member_id"_s, [](Budget &wish) { wish.scope = BudgetScope::TeamMember; });
    row("line break", u"scope_id"_s, [](Budget &wish) { wish.scopeId = u"a\nb"_s; });
    row("long object", u"scope_id"_s, [](Budget &wish) { wish.scopeId = QString(257, u'x'); });
    row("negative", u"max_budget"_s, [](Budget &wish) { wish.maxBudget = usd(u"-1"); });
    row("negative warning", u"soft_budget"_s, [](Budget &wish) { wish.softBudget = usd(u"-1"); });
    row("zone", u"timezone"_s, [](Budget &wish) { wish.timeZone = u"Mars/Crater"_s; });
    row("space in the id", u"budget_id"_s, [](Budget &wish) { wish.id = u"a b"_s; });
    row("umlaut in the id", u"budget_id"_s, [](Budget &wish) { wish.id = u"ä"_s; });
    row("long id", u"budget_id"_s, [](Budget &wish) { wish.id = QString(65, u'x'); });
}

void BudgetServiceTest::refusesAWrongBudget()
{
    QFETCH(const Budget, wish);
    QFETCH(const QString, param);
    const auto created = service().create(wish);
    QVERIFY(!created);
    QCOMPARE(created.error().kind, ErrorKind::InvalidRequest);
    QCOMPARE(created.error().param, param);
    QVERIFY(m_store.budgets.empty());
}

void BudgetServiceTest::refusesAnIdThatIsTaken()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    Budget other = budgetOf(u"b"_s);
    other.maxBudget = usd(u"1000");
    const auto created = service().create(other);
    QVERIFY(!created);
    QCOMPARE(created.error().param, u"budget_id"_s);
    QVERIFY(m_store.budgets == std::vector{budgetOf(u"b"_s)});
    QCOMPARE(refusalOf(usd(u"11")), u"b"_s);
}

void BudgetServiceTest::leavesNothingBehindIfABudgetCannotHold()
{
    m_flushed = failure(ApiError::storeUnavailable(u"The journal is behind."_s));
    const auto created = service().create(budgetOf(u"b"_s));
    QVERIFY(!created);
    QCOMPARE(created.error().kind, ErrorKind::StoreUnavailable);
    QVERIFY(m_store.budgets.empty());
    m_flushed = Result<void>();
    QVERIFY(service().create(budgetOf(u"b"_s)));

    m_store.hidesSpending = true; // Nobody could say what is left of it.
    QVERIFY(!lonelyService().create(budgetOf(u"c"_s)));
    QCOMPARE(idsOf(m_store.budgets), QStringList{u"b"_s});
}

void BudgetServiceTest::changesOnlyWhatAPatchNames()
{
    Budget budget = budgetOf(u"b"_s);
    budget.softBudget = usd(u"8");
    budget.duration = Period{1, PeriodUnit::Month};
    QVERIFY(service().create(budget));
    const auto changed = service().update(u"b"_s, QJsonObject{{"max_budget"_L1, 20.5}});
    QVERIFY(changed && *changed);
    budget.maxBudget = usd(u"20.5");
    QVERIFY((*changed)->budget == budget);
    QVERIFY(m_store.budgets == std::vector{budget});
    QCOMPARE(refusalOf(usd(u"20.5")), QString());
    QCOMPARE(refusalOf(usd(u"20.6")), u"b"_s);
    QVERIFY(!*service().update(u"nobody"_s, QJsonObject{{"max_budget"_L1, 1}}));
}

void BudgetServiceTest::clearsWhatAPatchSetsToNull()
{
    Budget budget = budgetOf(u"b"_s);
    budget.duration = Period{1, PeriodUnit::Month};
    budget.timeZone = u"Europe/Berlin"_s;
    QVERIFY(service().create(budget));
    const QJsonObject patch{{"max_budget"_L1, QJsonValue::Null}, {"timezone"_L1, QJsonValue::Null}};
    const auto changed = service().update(u"b"_s, patch);
    QVERIFY(changed && *changed);
    budget.maxBudget.reset();
    budget.timeZone = u"UTC"_s;
    QVERIFY((*changed)->budget == budget);
    QVERIFY(!(*changed)->limit);
    QCOMPARE(refusalOf(usd(u"1000000")), QString());
}

void BudgetServiceTest::keepsABudgetThatAPatchWouldSpoil_data()
{
    QTest::addColumn<QJsonObject>("patch");
    QTest::addColumn<QString>("param");
    QTest::newRow("negative") << QJsonObject{{"max_budget"_L1, -1}} << u"max_budget"_s;
    QTest::newRow("text") << QJsonObject{{"max_budget"_L1, u"5"_s}} << u"max_budget"_s;
    QTest::newRow("too fine") << QJsonObject{{"max_budget"_L1, 1e-10}} << u"max_budget"_s;
    QTest::newRow("period") << QJsonObject{{"budget_duration"_L1, u"soon"_s}}
                            << u"budget_duration"_s;
    QTest::newRow("reset") << QJsonObject{{"budget_reset"_L1, u"never"_s}} << u"budget_reset"_s;
    QTest::newRow("zone") << QJsonObject{{"timezone"_L1, u"Mars"_s}} << u"timezone"_s;
    QTest::newRow("no object") << QJsonObject{{"scope_id"_L1, QJsonValue::Null}} << u"scope_id"_s;
    QTest::newRow("id") << QJsonObject{{"budget_id"_L1, u"c"_s}} << u"budget_id"_s;
    QTest::newRow("unknown") << QJsonObject{{"max_budgets"_L1, 1}} << u"max_budgets"_s;
}

void BudgetServiceTest::keepsABudgetThatAPatchWouldSpoil()
{
    QFETCH(const QJsonObject, patch);
    QFETCH(const QString, param);
    QVERIFY(service().create(budgetOf(u"b"_s)));
    const auto changed = service().update(u"b"_s, patch);
    QVERIFY(!changed);
    QCOMPARE(changed.error().kind, ErrorKind::InvalidRequest);
    QCOMPARE(changed.error().param, param);
    QVERIFY(m_store.budgets == std::vector{budgetOf(u"b"_s)});
}

void BudgetServiceTest::saysThatTheChangeDoesNotHoldYet()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    m_flushed = failure(ApiError::storeUnavailable(u"The journal is behind."_s));
    // Other calls count, and those of the past must be asked for.
    const QJsonObject patch{{"scope_id"_L1, u"marketing"_s}};
    QCOMPARE(service().update(u"b"_s, patch).error().kind, ErrorKind::StoreUnavailable);
    m_flushed = Result<void>();
    const auto again = service().update(u"b"_s, patch);
    QVERIFY(again && *again);
    QCOMPARE((*again)->budget.scopeId, u"marketing"_s);
    QCOMPARE(refusalOf(usd(u"11")), QString());
}

void BudgetServiceTest::setsABudgetThatIsThereAndOneThatIsNot()
{
    QVERIFY(lonelyService().set(budgetOf(u"b"_s)));
    Budget other = budgetOf(u"b"_s, BudgetScope::User);
    other.softBudget = usd(u"1");
    const auto replaced = lonelyService().set(other);
    QVERIFY(replaced);
    QVERIFY(replaced->budget == other);
    QVERIFY(m_store.budgets == std::vector{other});
    const auto made = lonelyService().set(budgetOf(QString()));
    QVERIFY(made);
    QCOMPARE(m_store.budgets.size(), 2U);
}

void BudgetServiceTest::listsBudgetsById_data()
{
    countsWhatWasSpentBefore_data();
}

void BudgetServiceTest::listsBudgetsById()
{
    QFETCH(const bool, isRunning);
    BudgetService budgets = isRunning ? service() : lonelyService();
    m_store.spendings[u"b"_s] = {{m_clock.now, usd(u"1")}};
    const QStringList ids{u"a"_s, u"b"_s, u"c"_s, u"d"_s, u"e"_s};
    for (const QString &id : {u"d"_s, u"a"_s, u"e"_s, u"c"_s, u"b"_s}) {
        QVERIFY(budgets.create(budgetOf(id)));
    }
    const auto states = budgets.list();
    QVERIFY(states);
    QStringList listed;
    for (const BudgetState &state : *states) {
        listed.append(state.budget.id);
        QCOMPARE(state.spent, state.budget.id == u"b"_s ? usd(u"1") : Money());
    }
    QCOMPARE(listed, ids);
}

void BudgetServiceTest::findsABudgetOfAnotherProcess()
{
    QVERIFY(lonelyService().create(budgetOf(u"b"_s)));
    const auto found = service().find(u"b"_s); // The book has not heard of it.
    QVERIFY(found && *found);
    QVERIFY((*found)->budget == budgetOf(u"b"_s));
    const auto unknown = service().find(u"nobody"_s);
    QVERIFY(unknown && !*unknown);
}

void BudgetServiceTest::removesABudget()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    QVERIFY(service().create(budgetOf(u"c"_s, BudgetScope::User)));
    QCOMPARE(service().remove(u"b"_s).value(), true);
    QCOMPARE(service().remove(u"b"_s).value(), false);
    QCOMPARE(idsOf(m_store.budgets), QStringList{u"c"_s});
    QVERIFY(!*service().find(u"b"_s));
    QCOMPARE(refusalOf(usd(u"11")), QString());
}

void BudgetServiceTest::removesABudgetThatTheBookCannotForgetYet()
{
    QVERIFY(service().create(budgetOf(u"b"_s)));
    QVERIFY(lonelyService().create(budgetOf(u"c"_s)));
    m_flushed = failure(ApiError::storeUnavailable(u"The journal is behind."_s));
    QCOMPARE(service().remove(u"b"_s).value(), true);
    QCOMPARE(idsOf(m_store.budgets), QStringList{u"c"_s});
}

void BudgetServiceTest::removesAllBudgetsOfAKey()
{
    for (const QString &id : {u"key-sales"_s, u"daily"_s}) {
        QVERIFY(service().create(budgetOf(id, BudgetScope::Key)));
    }
    Budget other = budgetOf(u"other-key"_s, BudgetScope::Key);
    other.scopeId = u"other"_s;
    QVERIFY(service().create(other));
    QVERIFY(service().create(budgetOf(u"team"_s)));
    QVERIFY(service().removeOfKey(u"sales"_s));
    QCOMPARE(idsOf(m_store.budgets), (QStringList{u"other-key"_s, u"team"_s}));
    QCOMPARE(service().list()->size(), 2U);
    QVERIFY(service().removeOfKey(u"nobody"_s));
}

void BudgetServiceTest::tellsOfAStoreThatIsDown()
{
    m_store.isDown = true;
    QCOMPARE(service().create(budgetOf(u"b"_s)).error().kind, ErrorKind::StoreUnavailable);
    QCOMPARE(service().update(u"b"_s, {}).error().kind, ErrorKind::StoreUnavailable);
    QCOMPARE(service().removeOfKey(u"k"_s).error().kind, ErrorKind::StoreUnavailable);
    QCOMPARE(lonelyService().list().error().kind, ErrorKind::StoreUnavailable);
    QCOMPARE(lonelyService().find(u"b"_s).error().kind, ErrorKind::StoreUnavailable);
}

QTEST_APPLESS_MAIN(BudgetServiceTest)
#include "tst_budget_service.moc"
