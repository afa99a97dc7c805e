// labels: unit
// What calls count under which keys of a real server, whose windows of a scope are under one.
#include "gateway/limits/shared_rate_keys.h"
#include "tests/gateway/limits/shared_rates_rig.h"
#include "tests/support/loop_main.h"

#include <QSet>

#include <array>

using namespace delta;
using namespace std::chrono_literals;
using limits::RateRule;
using limits::SharedRateHold;
using limits::SharedRateKeys;
using test::keysIn;
using test::parallel;
using test::RedisServer;
using test::requests;
using test::SharedRatesRig;
using test::tokens;
using test::usedOf;
using Kind = limits::SharedVerdict::Kind;

class SharedRatePlanTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepTheWindowsOfAScopeUnderOneKey();
    void leaveWindowsAloneThatACallDoesNotAskAbout();
    void nameTheLowestLimitOfACounter();
    void replaceWhatIsForeignOnlyOnce();
    void findTheSameKeysForMoreCountersThanTheyRemember();
};

void SharedRatePlanTest::keepTheWindowsOfAScopeUnderOneKey()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    RateRule ofMinute = requests(5);
    ofMinute.period = 1min;
    RateRule ofDay = tokens(500);
    ofDay.period = 24h;
    const std::array all{ofMinute, requests(9), tokens(90), ofDay, requests(7, "key k2")};
    rig.admitInTime(all, 10).settle(30);
    QCOMPARE(keysIn(server).size(), 2);
    QCOMPARE(usedOf(rig, ofMinute), 1);
    QCOMPARE(usedOf(rig, all[1]), 1);
    QCOMPARE(usedOf(rig, all[2]), 30);
    QCOMPARE(usedOf(rig, ofDay), 30);
    QCOMPARE(usedOf(rig, all[4]), 1);
    const SharedRateHold refused = rig.admitInTime(all, 61);
    QVERIFY(refused.verdict()->kind == Kind::Refused);
    QCOMPARE(refused.verdict()->refusal->rule.period, 1h);
    QCOMPARE(refused.verdict()->states[3].used, 30);
}

void SharedRatePlanTest::leaveWindowsAloneThatACallDoesNotAskAbout()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    RateRule ofMinute = tokens(500);
    ofMinute.period = 1min;
    rig.admitInTime(std::array{requests(9), tokens(90)}, 10).settle(20);
    rig.admitInTime(std::array{ofMinute}, 40).settle(40);
    const QByteArray key = keysIn(server).constFirst();
    const qint64 life = server.run({"PTTL", key}).toLongLong();
    QVERIFY2(life > 60LL * 60'000, QByteArray::number(life).constData());
    QCOMPARE(usedOf(rig, requests(9)), 1); // The tokens alone were counted of the second.
    QCOMPARE(usedOf(rig, tokens(90)), 20);
    server.run({"HSET", key, "1000", "nonsense"});
    QCOMPARE(usedOf(rig, ofMinute), 0);
    QCOMPARE(usedOf(rig, tokens(90)), 20);
    rig.admitInTime(std::array{ofMinute}, 7).settle(8);
    QCOMPARE(usedOf(rig, ofMinute), 8);
    server.run({"PERSIST", key});
    server.run({"HDEL", key, "1000"});
    rig.admitInTime(std::array{ofMinute}, 7).settle(7);
    QVERIFY(server.run({"PTTL", key}).toLongLong() > 0);
}

void SharedRatePlanTest::nameTheLowestLimitOfACounter()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(5), tokens(1000), requests(2), parallel(9), requests(3)};
    for (int call = 0; call < 2; ++call) {
        SharedRateHold hold = rig.admitInTime(rules, 1);
        QVERIFY(hold.verdict()->kind == Kind::Admitted);
        hold.settle(1);
    }
    const SharedRateHold refused = rig.admitInTime(rules, 1);
    QVERIFY(refused.verdict()->kind == Kind::Refused);
    QCOMPARE(refused.verdict()->refusal->rule.limit, 2);
    QCOMPARE(refused.verdict()->refusal->used, 2);
    QCOMPARE(refused.verdict()->states.size(), 5U);
    QCOMPARE(refused.verdict()->states[4].remaining(), 1);
    QCOMPARE(refused.verdict()->states[1].used, 2);
    const SharedRateHold never = rig.admitInTime(std::array{requests(0), parallel(0)}, 1);
    QVERIFY(!never.verdict()->refusal->retryAfter);
}

/// Windows of one scope that another's stand between are two groups of the same key.
void SharedRatePlanTest::replaceWhatIsForeignOnlyOnce()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    RateRule ofMinute = tokens(500);
    ofMinute.period = 1min;
    const std::array rules{requests(9), requests(9, "key k2"), ofMinute};
    rig.admitInTime(std::array{requests(9)}, 0).settle(0);
    const QByteArray key = keysIn(server).constFirst();
    server.run({"SET", key, "foreign"});
    rig.admitInTime(rules, 40).settle(40);
    QCOMPARE(server.run({"TYPE", key}), "hash");
    QCOMPARE(usedOf(rig, rules[0]), 1);
    QCOMPARE(usedOf(rig, rules[1]), 1);
    QCOMPARE(usedOf(rig, rules[2]), 40);
}

void SharedRatePlanTest::findTheSameKeysForMoreCountersThanTheyRemember()
{
    SharedRateKeys keys;
    QSet<QByteArray> different;
    constexpr qsizetype counters = 2 * SharedRateKeys::mostKnown + 1;
    const SharedRateKeys::Keys first = keys.of("counter 0");
    for (qsizetype counter = 0; counter < counters; ++counter) {
        const SharedRateKeys::Keys found = keys.of("counter " + QByteArray::number(counter));
        QVERIFY(found.windows.startsWith("{deltallm}:") && found.calls.startsWith("{deltallm}:"));
        different += found.windows;
        different += found.calls;
    }
    QCOMPARE(different.size(), 2 * counters);
    QCOMPARE(keys.of("counter 0").windows, first.windows);
    QCOMPARE(keys.of("counter 0").calls, first.calls);
}

DELTA_LOOP_TEST_MAIN(SharedRatePlanTest)
#include "tst_shared_rate_plan.moc"
