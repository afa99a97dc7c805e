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

namespace {

/// Has the budget begin anew, of which nothing was spent since.
void beginAnew(BudgetBook &book, Budget budget, WallTime at)
{
    budget.lastReset = at;
    book.put(budget, at);
    book.load(budget.id, {5000, {}});
}

} // namespace

class BudgetBookResetsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsAnewAtAReset_data();
    void beginsAnewAtAReset();
    void keepsWhatCallsHaveReservedAcrossAReset();
    void countsASettlementDuringAResetOnce();
    void limitsOnUntilAResetIsLoaded();
    void movesAStreamThatGoesOnIntoTheWindowOfAReset();
    void reservesNothingBeforeAResetThatItKnowsOf();
};

void BudgetBookResetsTest::beginsAnewAtAReset_data()
{
    QTest::addColumn<bool>("hasDuration");
    QTest::addColumn<BudgetReset>("reset");
    QTest::newRow("for ever") << false << BudgetReset::Calendar;
    QTest::newRow("calendar") << true << BudgetReset::Calendar;
    QTest::newRow("rolling") << true << BudgetReset::Rolling;
}

void BudgetBookResetsTest::beginsAnewAtAReset()
{
    QFETCH(const bool, hasDuration);
    QFETCH(const BudgetReset, reset);
    BudgetBook book;
    Budget budget = keyBudget(100);
    budget.reset = reset;
    if (hasDuration) {
        budget.duration = Period{1, PeriodUnit::Day};
    }
    enter(book, budget);
    settle(book, *book.reserve(callOf("k1"), nanos(100), start), callOf("k1"), 100);
    QVERIFY(!book.reserve(callOf("k1"), nanos(1), start + 1h));
    beginAnew(book, budget, start + 2h);
    QCOMPARE(stateOf(book, u"b"_s, start + 2h).spent, nanos(0));
    QCOMPARE(stateOf(book, u"b"_s, start + 2h).budget.lastReset, start + 2h);
    QVERIFY(!book.reserve(callOf("k1"), nanos(101), start + 2h));
    settle(book, *book.reserve(callOf("k1"), nanos(100), start + 2h), callOf("k1"), 100, 6000);
    QVERIFY(!book.reserve(callOf("k1"), nanos(1), start + 2h));
}

void BudgetBookResetsTest::keepsWhatCallsHaveReservedAcrossAReset()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    BudgetHold before = *book.reserve(callOf("k1"), nanos(70), start);
    beginAnew(book, keyBudget(100), start + 1ms);
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(70));
    QVERIFY(!book.reserve(callOf("k1"), nanos(31), start + 1ms));
    settle(book, std::move(before), callOf("k1"), 70, 6000);
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(0)); // Of the window before.
    QVERIFY(book.reserve(callOf("k1"), nanos(100), start + 1ms));
}

void BudgetBookResetsTest::countsASettlementDuringAResetOnce()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    BudgetHold early = *book.reserve(callOf("k1"), nanos(10), start + 2ms);
    BudgetHold late = *book.reserve(callOf("k1"), nanos(20), start + 2ms);
    settle(book, std::move(early), callOf("k1"), 10, 2000); // Before this gateway hears of it.
    Budget anew = keyBudget(100);
    anew.lastReset = start + 1ms;
    QCOMPARE(book.put(anew, start + 3ms), std::optional(start + 1ms));
    settle(book, std::move(late), callOf("k1"), 20, 3000);
    book.load(u"b"_s, {2500, {{start + 2ms, nanos(10)}}});
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(30));
    QCOMPARE(stateOf(book, u"b"_s).reserved, nanos(0));
}

void BudgetBookResetsTest::limitsOnUntilAResetIsLoaded()
{
    BudgetBook book;
    enter(book, keyBudget(100), 90);
    Budget anew = keyBudget(100);
    anew.lastReset = start + 1ms;
    QVERIFY(book.put(anew, start + 1ms));
    QVERIFY(!book.reserve(callOf("k1"), nanos(11), start + 1ms));
    BudgetHold between = *book.reserve(callOf("k1"), nanos(10), start + 1ms);
    book.load(u"b"_s, {5000, {}});
    QVERIFY(!book.reserve(callOf("k1"), nanos(91), start + 1ms));
    settle(book, std::move(between), callOf("k1"), 10, 6000);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(10));
}

void BudgetBookResetsTest::movesAStreamThatGoesOnIntoTheWindowOfAReset()
{
    BudgetBook book;
    enter(book, keyBudget(100));
    BudgetHold stream = *book.reserve(callOf("k1"), nanos(50), start);
    beginAnew(book, keyBudget(100), start + 1h);
    QVERIFY(book.extend(stream, nanos(50), start + 1h));
    QVERIFY(stream.isMoved());
    QVERIFY(!book.extend(stream, nanos(1), start + 1h));
    settle(book, std::move(stream), callOf("k1"), 90, 6000);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(90));
}

// Another gateway made it, whose clock is ahead of ours.
void BudgetBookResetsTest::reservesNothingBeforeAResetThatItKnowsOf()
{
    BudgetBook book;
    Budget budget = keyBudget(100);
    enter(book, budget);
    budget.lastReset = start + 30s;
    book.put(budget, start);
    book.load(u"b"_s, {5000, {}});
    QCOMPARE(book.time(start), start + 30s);
    BudgetHold hold = *book.reserve(callOf("k1"), nanos(60), start + 1s);
    QCOMPARE(hold.at(), start + 30s);
    settle(book, std::move(hold), callOf("k1"), 60, 6000);
    QCOMPARE(stateOf(book, u"b"_s).spent, nanos(60));
}

QTEST_GUILESS_MAIN(BudgetBookResetsTest)
#include "tst_budget_book_resets.moc"
