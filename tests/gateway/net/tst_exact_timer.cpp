// labels: unit
#include "gateway/net/exact_timer.h"
#include "tests/support/loop_main.h"
#include "tests/support/turn_loop.h"

using namespace delta;
using namespace std::chrono_literals;
using net::ExactTimer;

class ExactTimerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void firesOnceAndNeverEarly();
    void obeysTheLastDeadline();
    void firesAtOnceIfItsTimeIsOver();
    void mayBeStartedAnewByItsOwnCallback();
    void doesNotFireOnceItIsGone();

private:
    net::EventLoop &m_loop = net::EpollDispatcher::ofThisThread().loop();
    SystemClock m_clock;
};

void ExactTimerTest::firesOnceAndNeverEarly()
{
    int fired = 0;
    ExactTimer timer(m_loop, [&fired] { ++fired; });
    QVERIFY(!timer.isActive());
    const SteadyTime begin = m_clock.steady();
    timer.start(5ms);
    QVERIFY(timer.isActive());
    QVERIFY(test::turnLoopUntil([&fired] { return fired > 0; }));
    QVERIFY(m_clock.steady() - begin >= 5ms);
    QVERIFY(!timer.isActive());
    test::turnLoopFor(20ms);
    QCOMPARE(fired, 1);
}

void ExactTimerTest::obeysTheLastDeadline()
{
    int fired = 0;
    ExactTimer timer(m_loop, [&fired] { ++fired; });
    const SteadyTime begin = m_clock.steady();
    timer.start(1ms);
    timer.start(30ms);
    QVERIFY(test::turnLoopUntil([&fired] { return fired > 0; }));
    QVERIFY(m_clock.steady() - begin >= 30ms);
    timer.start(1h);
    timer.start(1ms);
    QVERIFY(test::turnLoopUntil([&fired] { return fired > 1; }));
}

void ExactTimerTest::firesAtOnceIfItsTimeIsOver()
{
    int fired = 0;
    ExactTimer timer(m_loop, [&fired] { ++fired; });
    timer.start(0ms);
    QCOMPARE(fired, 0);
    QVERIFY(test::turnLoopUntil([&fired] { return fired > 0; }));
    timer.start(-1h);
    QVERIFY(test::turnLoopUntil([&fired] { return fired > 1; }));
}

void ExactTimerTest::mayBeStartedAnewByItsOwnCallback()
{
    int fired = 0;
    ExactTimer *self = nullptr;
    ExactTimer timer(m_loop, [&] {
        if (++fired < 3) {
            self->start(1ms);
        }
    });
    self = &timer;
    timer.start(1ms);
    QVERIFY(test::turnLoopUntil([&fired] { return fired == 3; }));
}

void ExactTimerTest::doesNotFireOnceItIsGone()
{
    int fired = 0;
    {
        ExactTimer timer(m_loop, [&fired] { ++fired; });
        timer.start(1ms);
    }
    test::turnLoopFor(20ms);
    QCOMPARE(fired, 0);
}

DELTA_LOOP_TEST_MAIN(ExactTimerTest)
#include "tst_exact_timer.moc"
