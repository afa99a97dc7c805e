#include "gateway/net/back_off.h"
#include "tests/support/loaded_random.h"

#include <QTest>

#include <chrono>
#include <cstddef>
#include <limits>

using namespace delta;
using namespace delta::net;
using namespace std::chrono_literals;

class BackOffTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void waitsTwiceAsLongEachTimeUpToAnHour()
    {
        test::LoadedRandom middle(std::byte(0x80));
        const auto waited = [&middle](int attempts) {
            return std::chrono::round<std::chrono::seconds>(backOff(attempts, middle));
        };
        QCOMPARE(waited(1), 2s);
        QCOMPARE(waited(2), 4s);
        QCOMPARE(waited(3), 8s);
        QVERIFY(waited(10) >= 1024s && waited(10) < 1030s);
        QVERIFY(waited(11) > 2048s);
        QVERIFY(waited(12) >= 1h && waited(12) < 61min);
        QCOMPARE(waited(1000), waited(12));
        QCOMPARE(waited(std::numeric_limits<int>::max()), waited(12));
        QCOMPARE(waited(0), 2s);
    }

    void beginsWithThePauseThatIsAskedFor()
    {
        test::LoadedRandom middle(std::byte(0x80));
        QCOMPARE(backOff(1, middle, 100ms), 100ms);
        QCOMPARE(backOff(3, middle, 100ms), 400ms);
    }

    void leavesToChanceHalfOfItMoreOrLess()
    {
        test::LoadedRandom low(std::byte(0));
        test::LoadedRandom high(std::byte(0xff));
        QVERIFY(backOff(3, low) == 4s);
        QVERIFY(backOff(3, high) > 11'990ms && backOff(3, high) < 12s);
    }
};

QTEST_APPLESS_MAIN(BackOffTest)
#include "tst_back_off.moc"
