#include "gateway/net/timer_wheel.h"

#include <QtTest>

#include <chrono>
#include <memory>
#include <vector>

using delta::SteadyTime;
using delta::net::Timer;
using delta::net::TimerWheel;
using namespace std::chrono_literals;

/// The wheel reads the real clock when a timer is started, so every test brackets the start between
/// two readings: before the earlier one plus the delay nothing may fire, after the later one plus
/// the delay and two ticks everything must.
class TimerWheelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void firesNeverEarlyAndAtMostOneTickLate_data();
    void firesNeverEarlyAndAtMostOneTickLate();
    void firesOnlyOnce();
    void stopsAndRestarts();
    void forgetsADestroyedTimer();
    void survivesATimerThatDestroysItself();
    void letsACallbackDestroyItsNeighbours();
    void letsACallbackStartAZeroTimerWithoutRunningForEver();
    void runsTheRestOfASlotFromANestedTurn_data();
    void runsTheRestOfASlotFromANestedTurn();
    void tellsTheNextDeadline();
    void hasNoDeadlineOnceAllTimersAreStopped();
    void agreesWithAPlainListOfDeadlines();

private:
    static SteadyTime now()
    {
        return std::chrono::steady_clock::now();
    }
};

void TimerWheelTest::firesNeverEarlyAndAtMostOneTickLate_data()
{
    QTest::addColumn<int>("delay");
    for (const int delay : {0, 1, 15, 16, 17, 500, 16'383, 16'384, 16'385, 300'000, 3'600'000}) {
        QTest::addRow("%d ms", delay) << delay;
    }
}

void TimerWheelTest::firesNeverEarlyAndAtMostOneTickLate()
{
    QFETCH(const int, delay);
    TimerWheel wheel(now());
    int count = 0;
    Timer timer(wheel, [&count] { ++count; });
    const SteadyTime before = now();
    timer.start(std::chrono::milliseconds(delay));
    const SteadyTime after = now();
    wheel.advance(before + std::chrono::milliseconds(delay) - 1ns);
    QCOMPARE(count, 0);
    QVERIFY(timer.isActive());
    wheel.advance(after + std::chrono::milliseconds(delay) + TimerWheel::tick);
    QCOMPARE(count, 1);
    QVERIFY(!timer.isActive());
}

void TimerWheelTest::firesOnlyOnce()
{
    TimerWheel wheel(now());
    int count = 0;
    Timer timer(wheel, [&count] { ++count; });
    timer.start(10ms);
    wheel.advance(now() + 1s);
    wheel.advance(now() + 1h);
    QCOMPARE(count, 1);
}

void TimerWheelTest::stopsAndRestarts()
{
    TimerWheel wheel(now());
    int count = 0;
    Timer timer(wheel, [&count] { ++count; });
    timer.start(10ms);
    timer.stop();
    timer.stop();
    wheel.advance(now() + 1s);
    QCOMPARE(count, 0);
    timer.start(5s);
    timer.start(100s);
    wheel.advance(now() + 50s);
    QCOMPARE(count, 0);
    wheel.advance(now() + 101s);
    QCOMPARE(count, 1);
}

void TimerWheelTest::forgetsADestroyedTimer()
{
    TimerWheel wheel(now());
    int count = 0;
    auto timer = std::make_unique<Timer>(wheel, [&count] { ++count; });
    timer->start(10ms);
    timer.reset();
    wheel.advance(now() + 1s);
    QCOMPARE(count, 0);
}

void TimerWheelTest::survivesATimerThatDestroysItself()
{
    TimerWheel wheel(now());
    std::unique_ptr<Timer> timer;
    // The callback owns memory and uses it after its timer is gone: only a copy that outlives the
    // timer keeps that valid. The sanitizers would tell.
    auto log = std::make_shared<std::vector<int>>();
    timer = std::make_unique<Timer>(wheel, [&timer, log] {
        timer.reset();
        log->push_back(1);
    });
    timer->start(0ms);
    wheel.advance(now() + 1s);
    QCOMPARE(log->size(), 1U);
    QVERIFY(!wheel.nextDeadline());
}

void TimerWheelTest::letsACallbackDestroyItsNeighbours()
{
    TimerWheel wheel(now());
    std::vector<std::unique_ptr<Timer>> timers;
    int count = 0;
    for (int index = 0; index < 50; ++index) {
        timers.push_back(std::make_unique<Timer>(wheel, [&timers, &count] {
            ++count;
            timers.clear();
        }));
        timers.back()->start(20ms);
    }
    wheel.advance(now() + 1s);
    QCOMPARE(count, 1);
    QVERIFY(!wheel.nextDeadline());
}

void TimerWheelTest::letsACallbackStartAZeroTimerWithoutRunningForEver()
{
    TimerWheel wheel(now());
    int count = 0;
    std::unique_ptr<Timer> timer;
    timer = std::make_unique<Timer>(wheel, [&] {
        ++count;
        timer->start(0ms);
    });
    timer->start(0ms);
    wheel.advance(now() + TimerWheel::tick);
    QCOMPARE(count, 1);
    QVERIFY(timer->isActive());
}

void TimerWheelTest::runsTheRestOfASlotFromANestedTurn_data()
{
    QTest::addColumn<int>("delay");
    QTest::addRow("last slot of the turn") << 0;
    QTest::addRow("an earlier slot") << 100;
}

void TimerWheelTest::runsTheRestOfASlotFromANestedTurn()
{
    QFETCH(const int, delay);
    TimerWheel wheel(now());
    const SteadyTime late = now() + std::chrono::milliseconds(delay) + 2 * TimerWheel::tick;
    int nestedCount = 0;
    bool hasNested = false;
    std::vector<std::unique_ptr<Timer>> timers;
    for (int index = 0; index < 5; ++index) {
        timers.push_back(std::make_unique<Timer>(wheel, [&] {
            ++nestedCount;
            if (!std::exchange(hasNested, true)) {
                QVERIFY(wheel.nextDeadline().value() <= late);
                wheel.advance(late);
                QCOMPARE(nestedCount, 5);
            }
        }));
        timers.back()->start(0ms);
    }
    wheel.advance(late);
    QCOMPARE(nestedCount, 5);
}

void TimerWheelTest::tellsTheNextDeadline()
{
    TimerWheel wheel(now());
    QVERIFY(!wheel.nextDeadline());
    Timer late(wheel, [] { });
    Timer soon(wheel, [] { });
    late.start(10s);
    const SteadyTime before = now();
    soon.start(1s);
    const SteadyTime after = now();
    QVERIFY(wheel.nextDeadline().value() >= before + 1s);
    QVERIFY(wheel.nextDeadline().value() <= after + 1s + TimerWheel::tick);
    soon.stop();
    QVERIFY(wheel.nextDeadline().value() >= before + 10s);
}

void TimerWheelTest::hasNoDeadlineOnceAllTimersAreStopped()
{
    TimerWheel wheel(now());
    std::vector<std::unique_ptr<Timer>> timers;
    for (int index = 0; index < 100; ++index) {
        timers.push_back(std::make_unique<Timer>(wheel, [] { }));
        timers.back()->start(std::chrono::milliseconds(index * 77));
    }
    timers.clear();
    QVERIFY(!wheel.nextDeadline());
}

void TimerWheelTest::agreesWithAPlainListOfDeadlines()
{
    struct Entry {
        std::unique_ptr<Timer> timer;
        SteadyTime earliest;
        SteadyTime latest;
        bool hasFired = false;
    };
    TimerWheel wheel(now());
    const SteadyTime start = now();
    std::vector<Entry> entries(2'000);
    for (std::size_t index = 0; index < entries.size(); ++index) {
        Entry &entry = entries[index];
        entry.timer = std::make_unique<Timer>(wheel, [&entry] { entry.hasFired = true; });
        const auto delay = std::chrono::milliseconds((index * 7'919) % 60'000);
        entry.earliest = now() + delay;
        entry.timer->start(delay);
        entry.latest = now() + delay + TimerWheel::tick;
    }
    for (SteadyTime time = start; time < start + 70s; time += 97ms) {
        wheel.advance(time);
        for (const Entry &entry : entries) {
            QVERIFY(!entry.hasFired || time >= entry.earliest);
            QVERIFY(entry.hasFired || time < entry.latest);
        }
    }
}

QTEST_GUILESS_MAIN(TimerWheelTest)
#include "tst_timer_wheel.moc"
