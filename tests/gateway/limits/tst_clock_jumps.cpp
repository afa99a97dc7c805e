// labels: money fault
// A wall clock that jumps: an hour back, a day on and back again, over the ends of summer time, over a leap second.
// Whatever it does, no window pays for more than its limit, and rate limits do not hear of it: they count in
// steady time.
#include "gateway/limits/budget_book.h"
#include "tests/shared/dice.h"

#include <QDateTime>
#include <QTest>
#include <QTimeZone>

#include <algorithm>
#include <array>
#include <map>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;

namespace {

constexpr std::int64_t limit = 1000;

/// Noon of the day before summer time ends in Berlin.
WallTime noonBeforeTheLongDay()
{
    const QDateTime noon(QDate(2026, 10, 24), QTime(12, 0), QTimeZone("Europe/Berlin"));
    return WallTime(std::chrono::milliseconds(noon.toMSecsSinceEpoch()));
}

std::chrono::milliseconds jump(Dice &dice)
{
    constexpr std::array<std::chrono::milliseconds, 7> jumps{-1h, 24h, -24h, -2h, 1s, -1s, 3h};
    return jumps.at(static_cast<std::size_t>(dice.between(0, jumps.size() - 1)));
}

/// What was charged, and when; the time never goes back, as no window opens again.
using Charges = std::multimap<WallTime, std::int64_t>;

std::int64_t sumSince(const Charges &charges, WallTime begin)
{
    std::int64_t sum = 0;
    for (auto it = charges.lower_bound(begin); it != charges.end(); ++it) {
        sum += it->second;
    }
    return sum;
}

/// Returns when the window of a time begins, worked out by other means than the book's.
WallTime windowBegin(const Budget &budget, WallTime at)
{
    if (budget.reset == BudgetReset::Rolling) {
        return at - 1h + 1ms;
    }
    if (budget.duration->unit == PeriodUnit::Hour) {
        return std::chrono::floor<std::chrono::hours>(at);
    }
    const QDateTime local = QDateTime::fromMSecsSinceEpoch(at.time_since_epoch().count(),
                                                           QTimeZone("Europe/Berlin"));
    return WallTime(std::chrono::milliseconds(
        local.date().startOfDay(QTimeZone("Europe/Berlin")).toMSecsSinceEpoch()));
}

} // namespace

class ClockJumpsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void payOnceForEachWindow_data();
    void payOnceForEachWindow();
};

void ClockJumpsTest::payOnceForEachWindow_data()
{
    QTest::addColumn<int>("unit");
    QTest::addColumn<BudgetReset>("reset");
    QTest::newRow("each day in Berlin")
        << static_cast<int>(PeriodUnit::Day) << BudgetReset::Calendar;
    QTest::newRow("each hour") << static_cast<int>(PeriodUnit::Hour) << BudgetReset::Calendar;
    QTest::newRow("in any hour") << static_cast<int>(PeriodUnit::Hour) << BudgetReset::Rolling;
}

void ClockJumpsTest::payOnceForEachWindow()
{
    QFETCH(const int, unit);
    QFETCH(const BudgetReset, reset);
    Budget budget;
    budget.id = u"b"_s;
    budget.scope = BudgetScope::Gateway;
    budget.maxBudget = Money::fromNanos(limit);
    budget.duration = Period{1, static_cast<PeriodUnit>(unit)};
    budget.timeZone = unit == static_cast<int>(PeriodUnit::Day) ? u"Europe/Berlin"_s : u"UTC"_s;
    budget.reset = reset;
    Dice dice(1125);
    int refused = 0;
    int windows = 0;
    for (int round = 0; round < 20; ++round) {
        dice.next();
        WallTime now = noonBeforeTheLongDay();
        WallTime latest = now;
        WallTime lastBegin = windowBegin(budget, latest);
        BudgetBook book;
        book.put(budget, now);
        book.load(budget.id, {});
        Charges charges;
        for (int operation = 0; operation < 2000; ++operation) {
            now += dice.between(0, 19) == 0 ? jump(dice)
                                            : std::chrono::milliseconds(dice.between(0, 240'000));
            latest = std::max(latest, now);
            SpendEntry call;
            call.startedAt = now;
            auto hold = book.reserve(call, Money::fromNanos(dice.between(1, 300)), now);
            if (!hold) {
                ++refused;
            } else {
                call.cost = Money::fromNanos(dice.between(0, hold->amount().nanos()));
                charges.emplace(latest, call.cost.nanos());
                book.settle(*std::move(hold), call, operation);
            }
            const WallTime begin = windowBegin(budget, latest);
            QVERIFY2(sumSince(charges, begin) <= limit, dice.where());
            windows += begin != lastBegin ? 1 : 0;
            lastBegin = begin;
        }
    }
    QVERIFY2(refused > 100, QByteArray::number(refused).constData());
    QVERIFY2(windows > 50, QByteArray::number(windows).constData());
}

QTEST_GUILESS_MAIN(ClockJumpsTest)
#include "tst_clock_jumps.moc"
