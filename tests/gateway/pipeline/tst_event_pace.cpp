// labels: unit hostile
#include "gateway/pipeline/event_pace.h"
#include "tests/support/loop_main.h"
#include "tests/support/turn_loop.h"

#include <QElapsedTimer>
#include <QTest>

using namespace std::chrono_literals;
using delta::pipeline::EventPace;
using delta::test::turnLoopFor;
using delta::test::turnLoopUntil;

namespace {

constexpr auto longest = 500ms;
constexpr auto aWhile = 100ms;

/// A pace that remembers when it was too slow.
struct WatchedPace {
    int late = 0;
    QElapsedTimer sinceStep; ///< From the last thing that counted until it was late.
    qint64 waited = 0;
    EventPace pace{delta::net::EpollDispatcher::ofThisThread().loop().timers(), [this] {
                       ++late;
                       waited = sinceStep.elapsed();
                   }};

    [[nodiscard]] bool isLate()
    {
        return turnLoopUntil([this] { return late > 0; });
    }
};

enum class Step { WholePart, ManyBytes, ManyBytesInTwo, Resume };

void take(EventPace &pace, Step step, int number)
{
    switch (step) {
    case Step::WholePart:
        pace.take(1, number + 1);
        return;
    case Step::ManyBytes:
        pace.take(EventPace::step, 0);
        return;
    case Step::ManyBytesInTwo:
        pace.take(EventPace::step - 1, 0);
        pace.take(1, 0);
        return;
    case Step::Resume:
        pace.pause();
        pace.resume();
        return;
    }
}

} // namespace

class EventPaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void givesTheWholeTimeAgainForWhatCounts_data();
    void givesTheWholeTimeAgainForWhatCounts();
    void isLateWhenBytesOnlyDrip();
    void isNeverLateWhilePaused();
    void isNeverLateWithoutALongestTime();
    void isNeverLateWhenItIsStopped();
};

void EventPaceTest::givesTheWholeTimeAgainForWhatCounts_data()
{
    QTest::addColumn<Step>("step");
    QTest::newRow("a whole event") << Step::WholePart;
    QTest::newRow("a long piece of an event") << Step::ManyBytes;
    QTest::newRow("two short pieces of an event") << Step::ManyBytesInTwo;
    QTest::newRow("the reader wants more again") << Step::Resume;
}

void EventPaceTest::givesTheWholeTimeAgainForWhatCounts()
{
    QFETCH(Step, step);
    WatchedPace watched;
    watched.pace.start(longest);
    for (int number = 0; number < 2; ++number) {
        turnLoopFor(aWhile);
        watched.sinceStep.start();
        take(watched.pace, step, number);
    }
    QVERIFY(watched.isLate());
    QVERIFY2(watched.waited >= longest.count(), QByteArray::number(watched.waited).constData());
    turnLoopFor(aWhile);
    QCOMPARE(watched.late, 1);
}

void EventPaceTest::isLateWhenBytesOnlyDrip()
{
    WatchedPace watched;
    watched.sinceStep.start();
    watched.pace.start(longest);
    watched.pace.take(10, 1);
    QTimer drip;
    int drops = 0;
    connect(&drip, &QTimer::timeout, this, [&watched, &drops] {
        ++drops;
        watched.pace.take(1, 1);
    });
    drip.start(5ms);
    QVERIFY(watched.isLate()); // Within a minute, else the drops count.
    QVERIFY(watched.waited >= longest.count());
    QVERIFY(drops > 0);
}

void EventPaceTest::isNeverLateWhilePaused()
{
    WatchedPace watched;
    watched.pace.start(aWhile);
    watched.pace.pause();
    watched.pace.take(EventPace::step, 1); // What was read already still arrives.
    turnLoopFor(2 * aWhile);
    QCOMPARE(watched.late, 0);
    watched.pace.resume();
    QVERIFY(watched.isLate());
}

void EventPaceTest::isNeverLateWithoutALongestTime()
{
    WatchedPace watched;
    watched.pace.start(0ms);
    watched.pace.take(EventPace::step, 1);
    turnLoopFor(aWhile);
    QCOMPARE(watched.late, 0);
}

void EventPaceTest::isNeverLateWhenItIsStopped()
{
    WatchedPace watched;
    watched.pace.start(aWhile);
    watched.pace.stop();
    watched.pace.take(EventPace::step, 1);
    turnLoopFor(2 * aWhile);
    QCOMPARE(watched.late, 0);
}

DELTA_LOOP_TEST_MAIN(EventPaceTest)
#include "tst_event_pace.moc"
