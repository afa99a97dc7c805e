// labels: unit
#include "gateway/limits/budget_book.h"

#include <QTest>

#include <utility>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using delta::limits::BudgetBook;
using delta::ports::BudgetStanding;

namespace {

constexpr WallTime start = WallTime(1'795'824'000'000ms); // 2026-11-28, midnight in UTC.

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget budgetOf(const QString &id, const QString &key)
{
    Budget budget;
    budget.id = id;
    budget.scopeId = key;
    budget.maxBudget = nanos(100);
    return budget;
}

void enter(BudgetBook &book, const Budget &budget)
{
    book.put(budget, start);
    book.load(budget.id, {});
}

void spend(BudgetBook &book, const QByteArray &key, std::int64_t cost)
{
    SpendEntry call;
    call.keyId = key;
    call.startedAt = start;
    auto hold = book.reserve(call, nanos(cost), start);
    QVERIFY(hold);
    call.cost = nanos(cost);
    book.settle(*std::move(hold), call, 0);
}

} // namespace

class BudgetNewsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void tellsOfAResetAsOfANewWindow_data()
    {
        QTest::addColumn<bool>("hasDuration");
        QTest::newRow("for ever") << false;
        QTest::newRow("calendar") << true;
    }
    void tellsOfAResetAsOfANewWindow()
    {
        QFETCH(const bool, hasDuration);
        BudgetBook book;
        Budget budget = budgetOf(u"a"_s, u"k1"_s);
        if (hasDuration) {
            budget.duration = Period{1, PeriodUnit::Day};
        }
        enter(book, budget);
        spend(book, "k1", 90);
        book.noteRefusal(u"a"_s, start);
        const auto before = book.news(start);
        QCOMPARE(before.size(), std::size_t(1));
        QCOMPARE(before[0].windowBegin, hasDuration ? std::optional(start) : std::nullopt);
        QVERIFY(before[0].refusesCalls);
        budget.lastReset = start + 1ms;
        enter(book, budget);
        const auto after = book.news(start + 1ms);
        QCOMPARE(after.size(), std::size_t(1));
        QCOMPARE(after[0].windowBegin, std::optional(start + 1ms));
        QCOMPARE(after[0].spent, nanos(0));
        QVERIFY(!after[0].refusesCalls);
        QCOMPARE(after[0].windowEnd, hasDuration ? std::optional(start + 24h) : std::nullopt);
    }
    void tellsOfABudgetThatIsNew()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        const auto news = book.news(start);
        QCOMPARE(news.size(), 1U);
        QVERIFY(news[0].budget == budgetOf(u"a"_s, u"k1"_s));
        QVERIFY(news[0].limit == nanos(100));
        QVERIFY(!news[0].windowBegin && !news[0].windowEnd && !news[0].refusesCalls);
        QVERIFY(book.news(start).empty());
    }

    void tellsOfThoseThatCountedACallAndOfNoOthers()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        enter(book, budgetOf(u"b"_s, u"k1"_s));
        enter(book, budgetOf(u"c"_s, u"k2"_s));
        QCOMPARE(book.news(start).size(), 3U);
        spend(book, "k2", 30);
        spend(book, "k2", 12);
        const auto news = book.news(start);
        QCOMPARE(news.size(), 1U);
        QCOMPARE(news[0].budget.id, u"c"_s);
        QCOMPARE(news[0].spent.nanos(), 42);
        spend(book, "k1", 1);
        QCOMPARE(book.news(start).size(), 2U);
    }

    void tellsOfAChangedLimit()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        QCOMPARE(book.news(start).size(), 1U);
        Budget raised = budgetOf(u"a"_s, u"k1"_s);
        raised.maxBudget = nanos(200);
        QVERIFY(!book.put(raised, start));
        const auto news = book.news(start);
        QCOMPARE(news.size(), 1U);
        QVERIFY(news[0].limit == nanos(200));
    }

    // One that does not know yet what was spent would seem to have spent nothing.
    void tellsNothingOfABudgetBeforeItIsLoaded()
    {
        BudgetBook book;
        book.put(budgetOf(u"a"_s, u"k1"_s), start);
        QVERIFY(book.news(start).empty());
        book.load(u"a"_s, {0, {{start, nanos(70)}}});
        const auto news = book.news(start);
        QCOMPARE(news.size(), 1U);
        QCOMPARE(news[0].spent.nanos(), 70);
    }

    void tellsNothingOfABudgetThatIsGone()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        book.remove(u"a"_s);
        QVERIFY(book.news(start).empty());
        book.noteRefusal(u"a"_s, start);
        QVERIFY(book.news(start).empty());
    }

    void tellsOfABudgetThatWasReplaced()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        spend(book, "k1", 10);
        QCOMPARE(book.news(start).size(), 1U);
        Budget daily = budgetOf(u"a"_s, u"k1"_s);
        daily.duration = Period{1, PeriodUnit::Day};
        QVERIFY(book.put(daily, start));
        spend(book, "k1", 10);
        QVERIFY(book.news(start).empty());
        book.load(u"a"_s, {0, {}});
        const auto news = book.news(start);
        QCOMPARE(news.size(), 1U);
        QCOMPARE(news[0].spent.nanos(), 10);
        spend(book, "k1", 10);
        QCOMPARE(book.news(start).size(), 1U);
    }

    void tellsTheWindowOfACalendarAndNoneOfARollingBudget()
    {
        BudgetBook book;
        Budget daily = budgetOf(u"a"_s, u"k1"_s);
        daily.duration = Period{1, PeriodUnit::Day};
        enter(book, daily);
        const auto news = book.news(start + 5h);
        QVERIFY(news[0].windowBegin == start);
        QVERIFY(news[0].windowEnd == start + 24h);
        daily.id = u"b"_s;
        daily.reset = BudgetReset::Rolling;
        enter(book, daily);
        const auto rolling = book.news(start + 5h);
        QVERIFY(!rolling[0].windowBegin && !rolling[0].windowEnd);
    }

    void remembersARefusalForAMinute()
    {
        BudgetBook book;
        enter(book, budgetOf(u"a"_s, u"k1"_s));
        QVERIFY(!book.news(start)[0].refusesCalls);
        book.noteRefusal(u"a"_s, start);
        QVERIFY(book.news(start + 1s)[0].refusesCalls);
        QVERIFY(book.news(start + 1s).empty());
        spend(book, "k1", 1);
        QVERIFY(book.news(start + 60s)[0].refusesCalls);
        spend(book, "k1", 1);
        QVERIFY(!book.news(start + 61s)[0].refusesCalls);
        book.noteRefusal(u"nobody's"_s, start);
        QVERIFY(book.news(start + 61s).empty());
    }
};

QTEST_APPLESS_MAIN(BudgetNewsTest)
#include "tst_budget_news.moc"
