// labels: money
#include "gateway/limits/spend_window.h"
#include "shared/billing/budget_window.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <map>

using namespace delta;
using namespace std::chrono_literals;
using delta::limits::SpendWindow;

namespace {

constexpr WallTime start = WallTime(1'795'824'000'000ms); // 2026-11-28, midnight in UTC.

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget budgetOver(std::optional<Period> duration, BudgetReset reset = BudgetReset::Calendar)
{
    Budget budget;
    budget.duration = duration;
    budget.reset = reset;
    return budget;
}

} // namespace

class SpendWindowTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsForEverWithoutADuration()
    {
        SpendWindow window(budgetOver(std::nullopt), start);
        window.add(nanos(1), start);
        window.add(nanos(2), start + 24h * 4000);
        window.add(nanos(4), start - 24h * 4000);
        window.advance(start + 24h * 40'000);
        QCOMPARE(window.spent(), nanos(7));
        QVERIFY(!window.renewsAt());
    }

    // The store adds up what was spent in these steps.
    void forgetsInTheStepsOfItsLength()
    {
        for (const Period &period :
             {Period{1, PeriodUnit::Second}, Period{3599, PeriodUnit::Second},
              Period{1, PeriodUnit::Hour}, Period{61, PeriodUnit::Hour}}) {
            const std::chrono::milliseconds step = rollingStep(period);
            SpendWindow window(budgetOver(period, BudgetReset::Rolling), start);
            const WallTime begin = window.begin();
            QCOMPARE(begin.time_since_epoch() % step, 0ms);
            window.advance(begin + 61 * step - 1ms);
            QCOMPARE(window.begin(), begin);
            window.advance(begin + 61 * step);
            QCOMPARE(window.begin(), begin + step);
        }
    }

    void forgetsAllAtTheEndOfACalendarWindow()
    {
        SpendWindow window(budgetOver(Period{1, PeriodUnit::Day}), start + 10h);
        window.add(nanos(5), start + 11h);
        QCOMPARE(window.renewsAt(), start + 24h);
        window.advance(start + 24h - 1ms);
        QCOMPARE(window.spent(), nanos(5));
        window.advance(start + 24h);
        QCOMPARE(window.spent(), nanos(0));
        QCOMPARE(window.begin(), start + 24h);
    }

    void leavesWhatBelongsToAnEarlierWindow()
    {
        SpendWindow window(budgetOver(Period{1, PeriodUnit::Day}), start);
        window.add(nanos(3), start - 1ms);
        QCOMPARE(window.spent(), nanos(0));
        window.add(nanos(4), start);
        QCOMPARE(window.spent(), nanos(4));
    }

    void opensNoWindowAgainWhenTheClockIsSetBack()
    {
        SpendWindow window(budgetOver(Period{1, PeriodUnit::Day}), start);
        window.add(nanos(3), start);
        window.advance(start - 48h);
        QCOMPARE(window.spent(), nanos(3));
        QCOMPARE(window.begin(), start);
    }

    void forgetsBitByBitWhenRolling()
    {
        SpendWindow window(budgetOver(Period{1, PeriodUnit::Hour}, BudgetReset::Rolling), start);
        window.add(nanos(1), start);
        window.add(nanos(2), start + 30min);
        QCOMPARE(window.renewsAt(), start + 61min);
        window.advance(start + 61min - 1ms);
        QCOMPARE(window.spent(), nanos(3));
        window.advance(start + 61min);
        QCOMPARE(window.spent(), nanos(2));
        QCOMPARE(window.renewsAt(), start + 91min);
        window.advance(start + 91min);
        QCOMPARE(window.spent(), nanos(0));
    }

    void countsNothingFromBeforeAReset_data()
    {
        QTest::addColumn<bool>("hasDuration");
        QTest::addColumn<BudgetReset>("reset");
        QTest::newRow("for ever") << false << BudgetReset::Calendar;
        QTest::newRow("calendar") << true << BudgetReset::Calendar;
        QTest::newRow("rolling") << true << BudgetReset::Rolling;
    }
    void countsNothingFromBeforeAReset()
    {
        QFETCH(const bool, hasDuration);
        QFETCH(const BudgetReset, reset);
        Budget budget = budgetOver(
            hasDuration ? std::optional(Period{1, PeriodUnit::Day}) : std::nullopt, reset);
        budget.lastReset = start + 10h;
        SpendWindow window(budget, start + 11h);
        QCOMPARE(window.begin(), start + 10h);
        window.add(nanos(1), start + 10h - 1ms);
        QCOMPARE(window.spent(), nanos(0));
        window.add(nanos(2), start + 10h);
        window.add(nanos(4), start + 12h);
        QCOMPARE(window.spent(), nanos(6));
        window.advance(start + 10h + 72h); // The end of its window is what it was.
        QCOMPARE(window.spent(), hasDuration ? nanos(0) : nanos(6));
    }

    // The sum of an hour stands at its end, and the clock of this gateway may be behind the other's.
    void countsWhatTheStoreKnowsAfterAResetThatIsStillToCome()
    {
        Budget budget = budgetOver(Period{1, PeriodUnit::Day});
        budget.lastReset = start + 10h;
        SpendWindow window(budget, start + 10h - 30s);
        window.add({{start + 11h - 1ms, nanos(5)}, {start + 10h - 1ms, nanos(1)}},
                   start + 10h - 30s);
        QCOMPARE(window.spent(), nanos(5));
    }

    void countsMoneyOfARollingWindowAtLeastItsLengthAndAtMost61Steps();
};

void SpendWindowTest::countsMoneyOfARollingWindowAtLeastItsLengthAndAtMost61Steps()
{
    constexpr std::array periods{Period{1, PeriodUnit::Second}, Period{7, PeriodUnit::Minute},
                                 Period{1, PeriodUnit::Day}, Period{1, PeriodUnit::Month}};
    Dice dice(11);
    for (const Period &period : periods) {
        SpendWindow window(budgetOver(period, BudgetReset::Rolling), start);
        const std::int64_t length = rollingLength(period).count();
        const std::chrono::milliseconds step((length + 59) / 60);
        std::multimap<WallTime, std::int64_t> spent;
        WallTime now = start;
        for (int round = 0; round < 3000; ++round) {
            dice.next();
            now += std::chrono::milliseconds(dice.between(0, length / 20));
            // Calls end in any order, so what they cost comes late.
            const WallTime at = now - std::chrono::milliseconds(dice.between(0, length / 4));
            const std::int64_t amount = dice.between(1, 1000);
            window.advance(now);
            if (at >= window.begin()) {
                spent.emplace(at, amount);
            }
            window.add(nanos(amount), at);
            std::int64_t least = 0;
            std::int64_t most = 0;
            for (const auto &[when, money] : spent) {
                least += now - when < std::chrono::milliseconds(length) ? money : 0;
                most += now - when <= 61 * step ? money : 0;
            }
            QVERIFY2(window.spent() >= nanos(least), dice.where());
            QVERIFY2(window.spent() <= nanos(most), dice.where());
        }
    }
}

QTEST_GUILESS_MAIN(SpendWindowTest)
#include "tst_spend_window.moc"
