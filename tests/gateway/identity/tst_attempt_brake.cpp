#include "gateway/identity/attempt_brake.h"

#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;

namespace {

/// A clock that stands still until it is told to move.
class StoppedClock final : public Clock
{
public:
    [[nodiscard]] SteadyTime steady() const override
    {
        return now;
    }
    [[nodiscard]] WallTime wall() const override
    {
        return {};
    }

    SteadyTime now{1000h};
};

} // namespace

class AttemptBrakeTest : public QObject
{
    Q_OBJECT

    StoppedClock m_clock;

private Q_SLOTS:
    void init()
    {
        m_clock.now = SteadyTime(1000h);
    }

    void letsSoManyThroughInAMinute()
    {
        AttemptBrake brake(m_clock, {.perMinute = 10});
        for (int i = 0; i < 10; ++i) {
            QVERIFY(brake.admit("a"));
        }
        const auto refused = brake.admit("a");
        QVERIFY(!refused);
        QCOMPARE(refused.error().status(), 429);
        QCOMPARE(refused.error().retryAfter, 6s);
        QVERIFY(brake.admit("b"));
        m_clock.now += 6s;
        QVERIFY(brake.admit("a"));
        QVERIFY(!brake.admit("a"));
        m_clock.now += 1min;
        for (int i = 0; i < 10; ++i) {
            QVERIFY(brake.admit("a"));
        }
        QVERIFY(!brake.admit("a"));
    }

    void delaysMoreWithEachFailureUpToABound()
    {
        AttemptBrake brake(
            m_clock, {.perMinute = 1000, .freeFailures = 2, .firstDelay = 1s, .longestDelay = 10s});
        QList<std::chrono::seconds> delays;
        for (int i = 0; i < 8; ++i) {
            QVERIFY(brake.admit("a"));
            brake.failed("a");
            const auto next = brake.admit("a");
            delays.append(next ? 0s : next.error().retryAfter.value());
            m_clock.now += 10s;
        }
        QCOMPARE(delays, (QList<std::chrono::seconds>{0s, 0s, 1s, 2s, 4s, 8s, 10s, 10s}));
        QVERIFY(brake.admit("b"));
    }

    void makesNothingLongerForWhoWasRefused()
    {
        AttemptBrake brake(m_clock, {.perMinute = 1000, .freeFailures = 0, .firstDelay = 5s});
        brake.failed("a");
        for (int i = 0; i < 100; ++i) {
            QVERIFY(!brake.admit("a"));
        }
        m_clock.now += 5s;
        QVERIFY(brake.admit("a"));
    }

    void forgetsFailuresThatAreOld()
    {
        AttemptBrake brake(m_clock, {.freeFailures = 1, .longestDelay = 1min});
        for (int i = 0; i < 5; ++i) {
            brake.failed("a");
        }
        m_clock.now += 61min;
        brake.failed("a");
        QVERIFY(brake.admit("a"));
    }

    void givesBackOrForgetsWhatWasRight()
    {
        AttemptBrake brake(m_clock, {.perMinute = 2, .freeFailures = 0});
        QVERIFY(brake.admit("a") && brake.admit("a"));
        QVERIFY(!brake.admit("a"));
        brake.refund("a");
        QVERIFY(brake.admit("a"));
        QVERIFY(!brake.admit("a"));
        brake.failed("a");
        brake.forget("a");
        QVERIFY(brake.admit("a") && brake.admit("a"));
        brake.refund("never seen");
        brake.forget("never seen");
        QCOMPARE(brake.size(), 1U);
    }

    void remembersNoMoreThanItMay()
    {
        AttemptBrake brake(m_clock, {.perMinute = 1, .remembered = 100});
        QVERIFY(brake.admit("kept"));
        for (int i = 0; i < 10'000; ++i) {
            QVERIFY(brake.admit(QByteArray::number(i)));
            if (i % 50 == 0) {
                QVERIFY(!brake.admit("kept")); // Who goes on trying is not forgotten.
            }
        }
        QCOMPARE(brake.size(), 100U);
        QVERIFY(brake.admit("0"));
        QVERIFY(!brake.admit("9999"));
    }

    void countsANetworkOfIpv6AsOnePlace()
    {
        QCOMPARE(placeOf(u"2001:db8:1:2::1"_s), placeOf(u"2001:db8:1:2:ffff:0:0:9"_s));
        QVERIFY(placeOf(u"2001:db8:1:2::1"_s) != placeOf(u"2001:db8:1:3::1"_s));
        QCOMPARE(placeOf(u"::ffff:192.0.2.1"_s), placeOf(u"192.0.2.1"_s));
        QVERIFY(placeOf(u"192.0.2.1"_s) != placeOf(u"192.0.2.2"_s));
    }
};

QTEST_APPLESS_MAIN(AttemptBrakeTest)
#include "tst_attempt_brake.moc"
