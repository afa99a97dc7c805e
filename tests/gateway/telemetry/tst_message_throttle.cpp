#include "gateway/telemetry/message_throttle.h"

#include <QtTest>

using namespace delta;
using namespace delta::telemetry;
using namespace std::chrono_literals;

class MessageThrottleTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letsATextPassOncePerWindow()
    {
        MessageThrottle throttle;
        const SteadyTime start(100s);
        QCOMPARE(throttle.admit("a", start), 0);
        QVERIFY(!throttle.admit("a", start));
        QVERIFY(!throttle.admit("a", start + 9999ms));
        QCOMPARE(throttle.admit("a", start + 10s), 2);
        QVERIFY(!throttle.admit("a", start + 11s));
        QCOMPARE(throttle.admit("a", start + 20s), 1);
    }

    void keepsTextsApart()
    {
        MessageThrottle throttle;
        QCOMPARE(throttle.admit("a", SteadyTime(1s)), 0);
        QCOMPARE(throttle.admit("b", SteadyTime(1s)), 0);
    }

    void treatsTooManyTextsAsOne()
    {
        MessageThrottle throttle;
        int passed = 0;
        for (int index = 0; index < 10'000; ++index) {
            passed += throttle.admit(QByteArray::number(index), SteadyTime(1s)) ? 1 : 0;
        }
        QVERIFY2(passed <= 257, QByteArray::number(passed).constData());
    }

    void makesRoomWhenTheWindowIsOver()
    {
        MessageThrottle throttle;
        for (int index = 0; index < 1000; ++index) {
            (void)throttle.admit(QByteArray::number(index), SteadyTime(1s));
        }
        QCOMPARE(throttle.admit("new", SteadyTime(12s)), 0);
        QVERIFY(!throttle.admit("new", SteadyTime(12s)));
    }
};

QTEST_GUILESS_MAIN(MessageThrottleTest)
#include "tst_message_throttle.moc"
