// labels: money
#include "tests/gateway/limits/budget_book_rig.h"

#include <QTest>

#include <utility>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;
using delta::limits::BudgetHold;
using delta::limits::BudgetState;
using namespace delta::limits::test;

class BudgetBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void reservesUpToTheLimitAndNoNanoMore();
    void chargesWhatACallCostAndGivesTheRestBack();
    void givesBackWhatACallReservedThatNeverBegan();
    void reservesInAllBudgetsOrInNone();
    void namesTheBudgetWithTheLeastLeft();
    void countsTheCallsOfItsScopeAndNoOthers_data();
    void countsTheCallsOfItsScopeAndNoOthers();
    void keepsSeveralWindowsOfOneScope();
    void extendsACallUntilNothingIsLeft();
    void letsFreeCallsThroughWhenNothingIsLeft();
    void letsNothingThroughUntilADebtIsMadeUpFor();
    void chargesTheWindowInWhichACallReserved();
    void chargesBudgetsThatCameDuringTheCall();
    void keepsWhatWasCountedWhenALimitChanges();
    void limitsNothingUntilItKnowsWhatWasSpent();
    void limitsOnWhileItLearnsToCountOtherwise();
    void chargesAStreamThatWentOnToTheWindowThatPaidForIt();
    void countsInUtcWhereTheTimeZoneIsUnknown();
    void countsASettlementOnceThatTheStoreMayKnow_data();
    void countsASettlementOnceThatTheStoreMayKnow();
    void asksForNothingThatItKnows();
    void beginsAnewWhenTheDurationChanges();
    void survivesTheRemovalOfABudgetUnderACall();
    void onlyCountsWhereThereIsNoLimit();
    void addsTemporaryIncreases();
    void countsOnWhenTheClockIsSetBack();
};

void BudgetBookTest::reservesUpToTheLimitAndNoNanoMore()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    const auto first = book.reserve(callOf("k1"), nanos(60), start);
    QVERIFY(first);
    QVERIFY(first->isLimited());
    const auto tooMuch = book.reserve(callOf("k1"), nanos(41), start);
    QVERIFY(!tooMuch);
    QCOMPARE(tooMuch.error().budget.id, u"b"_s);
    QCOMPARE(tooMuch.error().reserved, nanos(60));
    QCOMPARE(tooMuch.error().left(), nanos(40));
    QVERIFY(book.reserve(callOf("k1"), nanos(40), start));
}

void BudgetBookTest::chargesWhatACallCostAndGivesTheRestBack()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    settle(book, *book.reserve(callOf("k1"), nanos(100), start), callOf("k1"), 30);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(30));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
    QCOMPARE(stateOf(book, u"b"_s).left(), nanos(70));
}

void BudgetBookTest::givesBackWhatACallReservedThatNeverBegan()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    {
        BudgetHold hold = *book.reserve(callOf("k1"), nanos(100), start);
        const BudgetHold moved = std::move(hold);
        QCOMPARE(stateOf(book, u"b"_s).left(), nanos(0));
    }
    QCOMPARE(stateOf(book, u"b"_s).left(), nanos(100));
}

void BudgetBookTest::reservesInAllBudgetsOrInNone()
{
    BudgetBook book;
    enter(book, budgetOf(u"all"_s, BudgetScope::Gateway, {}, 1000));
    enter(book, budgetOf(u"team"_s, BudgetScope::Team, u"sales"_s, 500));
    enter(book, budgetOf(u"key"_s, BudgetScope::Key, u"k1"_s, 50));
    QVERIFY(!book.reserve(callOf("k1"), nanos(60), start));
    for (const BudgetState &state : book.states(start)) {
        QCOMPARE(state.reserved, nanos(0));
    }
    const auto hold = book.reserve(callOf("k1"), nanos(50), start);
    QVERIFY(hold);
    for (const BudgetState &state : book.states(start)) {
        QCOMPARE(state.reserved, nanos(50));
    }
}

void BudgetBookTest::namesTheBudgetWithTheLeastLeft()
{
    BudgetBook book;
    enter(book, budgetOf(u"all"_s, BudgetScope::Gateway, {}, 20));
    enter(book, budgetOf(u"team"_s, BudgetScope::Team, u"sales"_s, 10));
    enter(book, budgetOf(u"key"_s, BudgetScope::Key, u"k1"_s, 15));
    QCOMPARE(book.reserve(callOf("k1"), nanos(100), start).error().budget.id, u"team"_s);
    QCOMPARE(book.tightest(*book.reserve(callOf("k1"), Money(), start))->budget.id, u"team"_s);
    book.remove(u"team"_s);
    QCOMPARE(book.tightest(*book.reserve(callOf("k1"), Money(), start))->budget.id, u"key"_s);
    book.remove(u"key"_s);
    book.remove(u"all"_s);
    QVERIFY(!book.tightest(*book.reserve(callOf("k1"), Money(), start)));
}

void BudgetBookTest::countsTheCallsOfItsScopeAndNoOthers_data()
{
    QTest::addColumn<BudgetScope>("scope");
    QTest::addColumn<QString>("mine");
    QTest::addColumn<QString>("other");
    QTest::newRow("team") << BudgetScope::Team << u"sales"_s << u"legal"_s;
    QTest::newRow("user") << BudgetScope::User << u"ann"_s << u"sales"_s;
    QTest::newRow("key") << BudgetScope::Key << u"k1"_s << u"k2"_s;
    QTest::newRow("end user") << BudgetScope::EndUser << u"customer"_s << u"ann"_s;
    QTest::newRow("model") << BudgetScope::Model << u"gpt"_s << u"gpt-1"_s;
    QTest::newRow("deployment") << BudgetScope::Deployment << u"gpt-1"_s << u"gpt"_s;
    QTest::newRow("provider") << BudgetScope::Provider << u"acme"_s << u"gpt"_s;
    QTest::newRow("member") << BudgetScope::TeamMember << u"sales"_s << u"legal"_s;
}

void BudgetBookTest::countsTheCallsOfItsScopeAndNoOthers()
{
    QFETCH(BudgetScope, scope);
    QFETCH(QString, mine);
    QFETCH(QString, other);
    BudgetBook book;
    const auto put = [&book, scope](const QString &id, const QString &object) {
        Budget budget = budgetOf(id, scope, object, 100);
        budget.memberId = scope == BudgetScope::TeamMember ? u"ann"_s : QString();
        enter(book, budget);
    };
    put(u"mine"_s, mine);
    put(u"other"_s, other);
    put(u"nobody"_s, {});
    settle(book, *book.reserve(callOf("k1"), nanos(9), start), callOf("k1"), 8);
    settle(book, *book.reserve(SpendEntry(), nanos(9), start), SpendEntry(), 8);
    QCOMPARE(stateOf(book, u"mine"_s).spent, nanos(8));
    QCOMPARE(stateOf(book, u"other"_s).spent, nanos(0));
    QCOMPARE(stateOf(book, u"nobody"_s).spent, nanos(0));
}

void BudgetBookTest::keepsSeveralWindowsOfOneScope()
{
    BudgetBook book;
    Budget daily = keyBudget(50);
    daily.id = u"daily"_s;
    daily.duration = Period{1, PeriodUnit::Day};
    Budget monthly = keyBudget(80);
    monthly.id = u"monthly"_s;
    monthly.duration = Period{1, PeriodUnit::Month};
    enter(book, daily);
    enter(book, monthly);
    settle(book, *book.reserve(callOf("k1"), nanos(50), start), callOf("k1"), 50);
    QCOMPARE(book.reserve(callOf("k1"), nanos(1), start).error().budget.id, u"daily"_s);
    QCOMPARE(book.reserve(callOf("k1"), nanos(1), start).error().renewsAt, start + 24h);
    const WallTime tomorrow = start + 24h;
    QCOMPARE(book.reserve(callOf("k1"), nanos(31), tomorrow).error().budget.id, u"monthly"_s);
    QVERIFY(book.reserve(callOf("k1"), nanos(30), tomorrow));
}

void BudgetBookTest::extendsACallUntilNothingIsLeft()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    BudgetHold hold = *book.reserve(callOf("k1"), nanos(40), start);
    QVERIFY(book.extend(hold, nanos(60), start));
    QCOMPARE(hold.amount(), nanos(100));
    const auto more = book.extend(hold, nanos(1), start);
    QVERIFY(!more);
    QCOMPARE(more.error().budget.id, u"b"_s);
    QCOMPARE(hold.amount(), nanos(100));
    settle(book, std::move(hold), callOf("k1"), 100);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(100));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
}

void BudgetBookTest::letsFreeCallsThroughWhenNothingIsLeft()
{
    BudgetBook book;
    enter(book, keyBudget(0));
    QVERIFY(book.reserve(callOf("k1"), nanos(0), start));
    QVERIFY(!book.reserve(callOf("k1"), nanos(1), start));
}

void BudgetBookTest::letsNothingThroughUntilADebtIsMadeUpFor()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    settle(book, *book.reserve(callOf("k1"), nanos(10), start), callOf("k1"), 130);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(130));
    QCOMPARE(stateOf(book, u"b"_s).left(), nanos(0));
    QVERIFY(!book.reserve(callOf("k1"), nanos(1), start));
    enter(book, keyBudget(131));
    QVERIFY(book.reserve(callOf("k1"), nanos(1), start));
}

void BudgetBookTest::chargesTheWindowInWhichACallReserved()
{
    BudgetBook book;
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    enter(book, daily);
    BudgetHold late = *book.reserve(callOf("k1"), nanos(70), start + 24h - 1ms);
    // Until it ends, it is not known to be over with the window.
    QCOMPARE(stateOf(book, u"b"_s, start + 24h).left(), nanos(30));
    settle(book, std::move(late), callOf("k1"), 70);
    QCOMPARE(stateOf(book, u"b"_s, start + 24h).spent, nanos(0));
    QCOMPARE(stateOf(book, u"b"_s, start + 24h).left(), nanos(100));
}

void BudgetBookTest::chargesBudgetsThatCameDuringTheCall()
{
    BudgetBook book;
    BudgetHold hold = *book.reserve(callOf("k1"), nanos(70), start);
    QVERIFY(!hold.isLimited());
    enter(book, keyBudget(100));
    settle(book, std::move(hold), callOf("k1"), 60);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(60));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
}

void BudgetBookTest::keepsWhatWasCountedWhenALimitChanges()
{
    BudgetBook book;
    enter(book, keyBudget(100), 25);
    book.load(u"unknown"_s, {1000, {{start, nanos(25)}}});
    const BudgetHold hold = *book.reserve(callOf("k1"), nanos(50), start);
    enter(book, keyBudget(60));
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(25));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(50));
    QCOMPARE(stateOf(book, u"b"_s).left(), nanos(0));
}

void BudgetBookTest::limitsNothingUntilItKnowsWhatWasSpent()
{
    BudgetBook book;
    QVERIFY(book.put(keyBudget(100), start));
    BudgetHold early = *book.reserve(callOf("k1"), nanos(500), start);
    QVERIFY(!early.isLimited());
    QVERIFY(!book.tightest(*book.reserve(callOf("k1"), Money(), start)));
    book.load(u"b"_s, {1000, {{start, nanos(90)}}});
    QVERIFY(!book.reserve(callOf("k1"), nanos(11), start));
    QVERIFY(book.reserve(callOf("k1"), nanos(10), start));
    settle(book, std::move(early), callOf("k1"), 400);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(490));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
}

void BudgetBookTest::limitsOnWhileItLearnsToCountOtherwise()
{
    BudgetBook book;
    enter(book, keyBudget(100), 40);
    BudgetHold early = *book.reserve(callOf("k1"), nanos(50), start);
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    QVERIFY(book.put(daily, start));
    daily.timeZone = u"Europe/Berlin"_s;
    QVERIFY(book.put(daily, start));
    QVERIFY(!book.reserve(callOf("k1"), nanos(11), start));
    BudgetHold late = *book.reserve(callOf("k1"), nanos(10), start);
    book.load(u"b"_s, {1000, {{start, nanos(5)}}});
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(5));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(60));
    QVERIFY(book.extend(early, nanos(35), start));
    QVERIFY(!book.extend(late, nanos(1), start));
    settle(book, std::move(early), callOf("k1"), 20);
    settle(book, std::move(late), callOf("k1"), 3);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(28));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
    book.remove(u"b"_s);
    QVERIFY(book.reserve(callOf("k1"), nanos(1'000'000), start));
}

void BudgetBookTest::chargesAStreamThatWentOnToTheWindowThatPaidForIt()
{
    BudgetBook book;
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    enter(book, daily);
    BudgetHold hold = *book.reserve(callOf("k1"), nanos(10), start + 24h - 1ms);
    QVERIFY(book.extend(hold, nanos(10), start + 24h - 1ms));
    QVERIFY(!hold.isMoved());
    QVERIFY(book.extend(hold, nanos(60), start + 25h));
    QVERIFY(hold.isMoved());
    QCOMPARE(hold.at(), start + 25h);
    settle(book, std::move(hold), callOf("k1"), 70);
    QCOMPARE(stateOf(book, u"b"_s, start + 25h).spent, nanos(70));
}

void BudgetBookTest::countsInUtcWhereTheTimeZoneIsUnknown()
{
    BudgetBook book;
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    daily.timeZone = u"Mars/Olympus"_s;
    enter(book, daily, 100);
    QVERIFY(!book.reserve(callOf("k1"), nanos(1), start + 24h - 1ms));
    QVERIFY(book.reserve(callOf("k1"), nanos(1), start + 24h));
}

void BudgetBookTest::countsASettlementOnceThatTheStoreMayKnow_data()
{
    QTest::addColumn<quint64>("offset");
    QTest::addColumn<bool>("isLoadedFirst");
    QTest::addColumn<qint64>("spent");
    QTest::newRow("the store has it, and it comes before") << quint64(999) << false << qint64(40);
    QTest::newRow("the store has it, and it comes after") << quint64(999) << true << qint64(40);
    QTest::newRow("the store lacks it, and it comes before")
        << quint64(1000) << false << qint64(47);
    QTest::newRow("the store lacks it, and it comes after") << quint64(1000) << true << qint64(47);
}

void BudgetBookTest::countsASettlementOnceThatTheStoreMayKnow()
{
    QFETCH(quint64, offset);
    QFETCH(bool, isLoadedFirst);
    QFETCH(qint64, spent);
    BudgetBook book;
    BudgetHold hold = *book.reserve(callOf("k1"), nanos(7), start);
    book.put(keyBudget(100), start);
    const ports::SpendingSoFar before{1000, {{start, nanos(40)}}};
    if (isLoadedFirst) {
        book.load(u"b"_s, before);
    }
    settle(book, std::move(hold), callOf("k1"), 7, offset);
    book.load(u"b"_s, before);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(spent));
}

void BudgetBookTest::asksForNothingThatItKnows()
{
    BudgetBook book;
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    QCOMPARE(book.put(daily, start + 5h), start);
    QCOMPARE(book.put(daily, start + 5h), start);
    book.load(u"b"_s, {});
    daily.maxBudget = nanos(200);
    QCOMPARE(book.put(daily, start + 5h), std::nullopt);
    daily.timeZone = u"Europe/Berlin"_s;
    QCOMPARE(book.put(daily, start + 5h), start - 1h);
    daily.duration.reset();
    QCOMPARE(book.put(daily, start + 5h), WallTime::min());
}

void BudgetBookTest::beginsAnewWhenTheDurationChanges()
{
    BudgetBook book;
    enter(book, keyBudget(100), 25);
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    enter(book, daily);
    QCOMPARE(book.states(start).size(), 1U);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(0));
    settle(book, *book.reserve(callOf("k1"), nanos(9), start), callOf("k1"), 9);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(9));
}

void BudgetBookTest::survivesTheRemovalOfABudgetUnderACall()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    BudgetHold settled = *book.reserve(callOf("k1"), nanos(10), start);
    {
        const BudgetHold dropped = *book.reserve(callOf("k1"), nanos(10), start);
        book.remove(u"b"_s);
        book.remove(u"b"_s);
    }
    settle(book, std::move(settled), callOf("k1"), 10);
    QVERIFY(book.states(start).empty());
    QVERIFY(book.reserve(callOf("k1"), nanos(1'000'000), start));
}

void BudgetBookTest::onlyCountsWhereThereIsNoLimit()
{
    BudgetBook book;
    Budget watched = keyBudget(std::nullopt);
    watched.softBudget = nanos(5);
    enter(book, watched);
    const Money most = nanos(std::numeric_limits<std::int64_t>::max());
    BudgetHold hold = *book.reserve(callOf("k1"), most, start);
    {
        const BudgetHold another = *book.reserve(callOf("k1"), most, start);
    }
    settle(book, std::move(hold), callOf("k1"), 7);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(7));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
    QVERIFY(!book.tightest(*book.reserve(callOf("k1"), Money(), start)));
}

void BudgetBookTest::addsTemporaryIncreases()
{
    BudgetBook book;
    Budget raised = keyBudget(100);
    raised.increase = nanos(50);
    raised.increaseUntil = start + 1h;
    enter(book, raised);
    QVERIFY(book.reserve(callOf("k1"), nanos(150), start));
    QVERIFY(!book.reserve(callOf("k1"), nanos(101), start + 1h));
    QVERIFY(book.reserve(callOf("k1"), nanos(100), start + 1h));
}

void BudgetBookTest::countsOnWhenTheClockIsSetBack()
{
    BudgetBook book;
    Budget daily = keyBudget(100);
    daily.duration = Period{1, PeriodUnit::Day};
    enter(book, daily);
    SpendEntry call = callOf("k1");
    call.startedAt = start - 48h;
    settle(book, *book.reserve(call, nanos(100), start - 48h), call, 100);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(100));
    QVERIFY(!book.reserve(call, nanos(1), start - 48h));
}

QTEST_GUILESS_MAIN(BudgetBookTest)
#include "tst_budget_book.moc"
