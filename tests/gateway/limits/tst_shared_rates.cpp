// labels: unit fault
// Rate limits that several gateways share in a real server, and what becomes of it.
#include "tests/gateway/limits/shared_rates_rig.h"
#include "tests/support/loop_main.h"
#include "tests/support/redis_server.h"

#include <array>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace std::chrono_literals;
using limits::RateRule;
using limits::RateUnit;
using limits::SharedRateHold;
using limits::SharedRates;
using limits::SharedVerdict;
using test::keysIn;
using test::parallel;
using test::RedisServer;
using test::requests;
using test::SharedRatesRig;
using test::tokens;
using test::turnLoopUntil;
using test::usedOf;
using Kind = limits::SharedVerdict::Kind;

namespace {

/// Says whether a call is let through; it is given up at once.
bool isAdmitted(SharedRatesRig &rig, std::span<const RateRule> rules, qint64 amount = 0)
{
    return rig.admitInTime(rules, amount).verdict()->kind == Kind::Admitted;
}

} // namespace

class SharedRatesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letAsManyCallsThroughAsTheLimitSays();
    void consumeNothingWhereAnyRuleRefuses();
    void sayHowRulesStandAndWhenThereIsRoom();
    void settleTokensWithTheTruth();
    void freeSlotsAtEveryEnd();
    void countACallOnceWhereRulesShareACounter();
    void countLargeNumbersExactly();
    void leaveNothingBehindForEver();
    void freeTheSlotsOfAGatewayThatDied();
    void decideNothingWithoutAServer();
    void countACallThatWasLateAndGoesOn();
    void takeBackACallThatWasLateAndIsOver();
    void goOnWhereTheServerForgetsKeys();
    void beginAnewWhenEverythingIsForgotten();
    void beginAnewWithAnEmptyServerAtTheAddress();
    void takeNoPoison_data();
    void takeNoPoison();
    void goOnWhereTheServerForgetsScripts();
};

void SharedRatesTest::letAsManyCallsThroughAsTheLimitSays()
{
    RedisServer server;
    SharedRatesRig one(server.settings());
    SharedRatesRig two(server.settings());
    QVERIFY(one.comesUp() && two.comesUp());
    const std::array rules{requests(20)};
    std::vector<SharedRateHold> holds;
    int admitted = 0;
    for (int call = 0; call < 40; ++call) {
        SharedRateHold hold = (call % 2 == 0 ? one : two).admitInTime(rules, 0);
        admitted += hold.verdict()->kind == Kind::Admitted ? 1 : 0;
        hold.settle(0);
    }
    QCOMPARE(admitted, 20);
    QVERIFY(isAdmitted(one, std::array{requests(1, "key k2")}));
    QVERIFY(isAdmitted(one, std::array{requests(21)})); // A limit that changes holds at once.
}

void SharedRatesTest::consumeNothingWhereAnyRuleRefuses()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    QVERIFY(!isAdmitted(rig, std::array{requests(1), parallel(1), tokens(0)}, 1));
    QVERIFY(!isAdmitted(rig, std::array{requests(0)}));
    QCOMPARE(keysIn(server).size(), 0);
    QVERIFY(isAdmitted(rig, std::array{requests(1), parallel(1), tokens(1)}, 1));
    QVERIFY(
        isAdmitted(rig, std::array{requests(1), parallel(1), tokens(1)}, 1)); // It was given up.
}

void SharedRatesTest::sayHowRulesStandAndWhenThereIsRoom()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(10), tokens(100), parallel(4)};
    const SharedRateHold hold = rig.admitInTime(rules, 30);
    const auto &states = hold.verdict()->states;
    QCOMPARE(states.size(), 3U);
    QCOMPARE(states[0].remaining(), 9);
    QCOMPARE(states[1].remaining(), 70);
    QCOMPARE(states[2].remaining(), 3);
    QVERIFY(states[0].resetsIn > 59min && states[0].resetsIn <= 61min);
    const SharedRateHold refused = rig.admitInTime(rules, 71);
    QVERIFY(refused.verdict()->kind == Kind::Refused);
    const limits::RateRefusal &refusal = *refused.verdict()->refusal;
    QVERIFY(refusal.rule.unit == RateUnit::Tokens);
    QCOMPARE(refusal.used, 30);
    QCOMPARE(refusal.wanted, 71);
    QVERIFY(*refusal.retryAfter > 59min && *refusal.retryAfter <= 61min);
    QCOMPARE(refused.verdict()->states[0].used, 1);
    const SharedRateHold never = rig.admitInTime(rules, 101);
    QVERIFY(!never.verdict()->refusal->retryAfter);
}

void SharedRatesTest::settleTokensWithTheTruth()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{tokens(100)};
    SharedRateHold hold = rig.admitInTime(rules, 80);
    QVERIFY(!isAdmitted(rig, rules, 21));
    hold.settle(30);
    QVERIFY(isAdmitted(rig, rules, 70));
    QVERIFY(!isAdmitted(rig, rules, 71));
    hold = rig.admitInTime(rules, 10);
    hold.settle(500);
    QCOMPARE(usedOf(rig, rules[0]), 530);
    QVERIFY(!isAdmitted(rig, rules, 1));
}

void SharedRatesTest::freeSlotsAtEveryEnd()
{
    RedisServer server;
    SharedRatesRig one(server.settings());
    SharedRatesRig two(server.settings());
    QVERIFY(one.comesUp() && two.comesUp());
    const std::array rules{parallel(2)};
    SharedRateHold first = one.admitInTime(rules, 0);
    SharedRateHold second = two.admitInTime(rules, 0);
    QVERIFY(!isAdmitted(one, rules));
    first.settle(0);
    QVERIFY(isAdmitted(one, rules));
    second = {};
    // Two connections: what one tells is not there at once for the other.
    QVERIFY(turnLoopUntil([&] { return usedOf(one, rules[0]) == 0; }));
    SharedRateHold third = std::move(first);
    third = one.admitInTime(rules, 0);
    QCOMPARE(usedOf(one, rules[0]), 1);
}

void SharedRatesTest::countACallOnceWhereRulesShareACounter()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(5), requests(3), parallel(9),
                           parallel(1), tokens(9),   tokens(8)};
    SharedRateHold hold = rig.admitInTime(rules, 8);
    QVERIFY(hold.verdict()->kind == Kind::Admitted);
    QCOMPARE(hold.verdict()->states[1].used, 1);
    QCOMPARE(hold.verdict()->states[3].used, 1);
    hold.settle(5);
    QCOMPARE(usedOf(rig, requests(5)), 1);
    QCOMPARE(usedOf(rig, parallel(5)), 0);
    QCOMPARE(usedOf(rig, tokens(5)), 5);
    QVERIFY(!isAdmitted(rig, rules, 4));
}

void SharedRatesTest::countLargeNumbersExactly()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    constexpr qint64 most = std::numeric_limits<qint64>::max();
    const std::array rules{tokens(most)};
    qint64 sum = 0;
    // Round ones too, of which not all programs write all noughts.
    for (const qint64 amount : {1'000'000'000LL, 1'000'000'000'000LL, 99'999'999'999'999LL, 1LL}) {
        rig.admitInTime(rules, 0).settle(amount);
        sum += amount;
        QCOMPARE(rig.admitInTime(rules, 0).verdict()->states[0].used, sum);
    }
    QVERIFY(!isAdmitted(rig, rules, most)); // That can never be counted.
}

void SharedRatesTest::leaveNothingBehindForEver()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    SharedRateHold hold = rig.admitInTime(std::array{requests(5), tokens(50), parallel(1)}, 5);
    hold.settle(9);
    const SharedRateHold other = rig.admitInTime(std::array{requests(5), tokens(50), parallel(1)},
                                                 5);
    const QByteArrayList keys = keysIn(server);
    QCOMPARE(keys.size(), 2);
    for (const QByteArray &key : keys) {
        const qint64 life = server.run({"PTTL", key}).toLongLong();
        QVERIFY2(life > 0 && life <= 62LL * 60'000, QByteArray::number(life).constData());
    }
}

void SharedRatesTest::freeTheSlotsOfAGatewayThatDied()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{parallel(2)};
    // What a gateway leaves that ends without a word, and one whose clock or mind was out of order.
    const QByteArray key = [&] {
        const SharedRateHold hold = rig.admitInTime(rules, 0);
        return keysIn(server).constFirst();
    }();
    rig.catchUp();
    const qint64 now = server.run({"TIME"}).split(' ')[0].toLongLong() * 1000;
    const auto lease = [&](qint64 end, const QByteArray &name) {
        server.run({"ZADD", key, QByteArray::number(end), name});
    };
    lease(now + 20'000, "alive");
    lease(now - 1'000, "dead");
    lease(now + 999'000'000, "impossible");
    SharedRateHold hold = rig.admitInTime(rules, 0);
    QVERIFY(hold.verdict()->kind == Kind::Admitted);
    QCOMPARE(hold.verdict()->states[0].used, 2);
    QVERIFY(!isAdmitted(rig, rules));
    QVERIFY(turnLoopUntil([&] { // Of many calls one throws out what is over.
        const qint64 used = usedOf(rig, rules[0]);
        rig.catchUp();
        return used == 2 && server.run({"ZCARD", key}) == "2";
    }));
    lease(now - 1'000, "alive");
    QVERIFY(isAdmitted(rig, rules));
}

void SharedRatesTest::decideNothingWithoutAServer()
{
    RedisServer server;
    server.kill();
    SharedRatesRig rig(server.settings());
    SharedRateHold hold = rig.rates.admit(std::array{requests(1)}, 0, [] { });
    QVERIFY(hold.verdict() && hold.verdict()->kind == Kind::Unavailable); // Nobody waits at all.
    QCOMPARE(rig.redis.status.degradedCalls.load(), 1);
    hold.settle(0);
}

void SharedRatesTest::countACallThatWasLateAndGoesOn()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(9), tokens(100), parallel(9)};
    server.pause();
    SharedRateHold hold = rig.admit(rules, 50);
    QVERIFY(hold.verdict()->kind == Kind::Unavailable);
    QCOMPARE(rig.redis.status.degradedCalls.load(), 1);
    server.resume();
    QVERIFY(turnLoopUntil([&] { return keysIn(server).size() == 2; }));
    QCOMPARE(usedOf(rig, tokens(100)), 50);
    QCOMPARE(usedOf(rig, parallel(9)), 1);
    hold.settle(20);
    QCOMPARE(usedOf(rig, tokens(100)), 20);
    QCOMPARE(usedOf(rig, parallel(9)), 0);
    QCOMPARE(usedOf(rig, requests(9)), 1);
}

void SharedRatesTest::takeBackACallThatWasLateAndIsOver()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(9), tokens(100), parallel(9)};
    server.pause();
    {
        const SharedRateHold refused = rig.admit(rules, 50); // Somebody answered 503 for it.
    }
    SharedRateHold ended = rig.admit(rules, 40);
    ended.settle(7);
    server.resume();
    QVERIFY(turnLoopUntil([&] { return usedOf(rig, tokens(100)) == 7; }));
    QCOMPARE(usedOf(rig, requests(9)), 1);
    QCOMPARE(usedOf(rig, parallel(9)), 0);
}

void SharedRatesTest::goOnWhereTheServerForgetsKeys()
{
    RedisServer server({u"--maxmemory"_s, u"2mb"_s, u"--maxmemory-policy"_s, u"allkeys-lru"_s});
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const QByteArray ballast(20'000, 'x');
    int admitted = 0;
    for (int call = 0; call < 300; ++call) {
        const QByteArray key = "key " + QByteArray::number(call);
        SharedRateHold hold = rig.admitInTime(
            std::array{requests(5, key), tokens(100, key), parallel(2, key)}, 10);
        admitted += hold.verdict()->kind == Kind::Admitted ? 1 : 0;
        server.run({"SET", "ballast" + QByteArray::number(call), ballast});
        hold.settle(20);
    }
    QCOMPARE(admitted, 300);
    QVERIFY(keysIn(server).size() < 300); // Some were forgotten, or this shows nothing.
    QCOMPARE(rig.redis.status.answering.load(), 1);
}

void SharedRatesTest::beginAnewWhenEverythingIsForgotten()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(2), tokens(100), parallel(1)};
    SharedRateHold hold = rig.admitInTime(rules, 60);
    QVERIFY(!isAdmitted(rig, rules, 0));
    server.run({"FLUSHALL"});
    QCOMPARE(usedOf(rig, tokens(100)), 0);
    rig.rates.renew(); // The slot is still in use.
    QVERIFY(!isAdmitted(rig, rules, 0));
    hold.settle(70);
    QVERIFY(isAdmitted(rig, rules, 90)); // Beyond its estimate it used 10.
    QCOMPARE(usedOf(rig, tokens(100)), 10);
    QCOMPARE(usedOf(rig, requests(2)), 0);
}

void SharedRatesTest::beginAnewWithAnEmptyServerAtTheAddress()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(1), parallel(1)};
    SharedRateHold hold = rig.admitInTime(rules, 0);
    QVERIFY(hold.verdict()->kind == Kind::Admitted);
    server.kill();
    server.start();
    QVERIFY(rig.redis.goesDown());
    QVERIFY(rig.comesUp());
    QVERIFY(isAdmitted(rig, rules));
    rig.rates.renew();
    QVERIFY(!isAdmitted(rig, rules));
    hold.settle(0);
    QVERIFY(isAdmitted(rig, rules));
}

void SharedRatesTest::takeNoPoison_data()
{
    QTest::addColumn<QByteArrayList>("poison");
    const auto row = [](const char *name, const char *command) {
        QTest::newRow(name) << QByteArray(command).split(' ');
    };
    row("a text", "SET KEY 1");
    row("a list", "LPUSH KEY 1");
    row("a set", "SADD KEY 1");
    row("fields of others", "HSET KEY s 5 c NOW");
    row("sums that are no numbers", "HSET KEY 60000 NOW_inf_1_nan_1");
    row("sums in hexadecimal", "HSET KEY 60000 NOW_0x10_1_0x10_1");
    row("negative sums", "HSET KEY 60000 NOW_-5_0_-5_0");
    row("sums larger than any", "HSET KEY 60000 NOW_99999999999999999999_0_99999999999999999999_0");
    row("too few numbers", "HSET KEY 60000 NOW_5");
    row("more in a step than in all", "HSET KEY 60000 NOW_5_9_5_9");
    row("a step far ahead", "HSET KEY 60000 99999999999_99999_1_99999_1");
    row("a step long ago", "HSET KEY 60000 5_99999_1_99999_1");
    row("a past that is none", "HSET KEY 60000 BEFORE_9_1_99_1 60000+ nonsense");
    row("a past that is no numbers", "HSET KEY 60000 BEFORE_9_1_99_1 60000+ ;1:inf:nan");
    row("a past of too few numbers", "HSET KEY 60000 BEFORE_9_1_99_1 60000+ ;1:5;2:6");
    row("a past that takes off too much",
        "HSET KEY 60000 BEFORE_0_0_0_0 60000+ ;1:9999:9999999999999");
    row("a past alone", "HSET KEY 60000+ ;BEFORE:99999:99999");
    row("slots", "ZADD KEY 9999999999999 a -inf b inf c");
}

void SharedRatesTest::takeNoPoison()
{
    QFETCH(const QByteArrayList, poison);
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(2), tokens(100), parallel(2)};
    {
        const SharedRateHold hold = rig.admitInTime(rules, 10);
    }
    QVERIFY(
        turnLoopUntil([&] { return keysIn(server).size() == 1; })); // A set without slots is gone.
    const SharedRateHold slot = rig.admitInTime(std::array{parallel(2)}, 0);
    const QByteArrayList keys = keysIn(server);
    QCOMPARE(keys.size(), 2);
    const qint64 step = server.run({"TIME"}).split(' ')[0].toLongLong() / 60;
    for (const QByteArray &key : keys) {
        std::vector<QByteArray> command;
        for (QByteArray word : poison) {
            word.replace("BEFORE", QByteArray::number(step - 1));
            word.replace("NOW", QByteArray::number(step)).replace('_', ' ');
            command.push_back(word == "KEY" ? key : word);
        }
        server.run({"DEL", key});
        QVERIFY(!server.run(command).startsWith('-'));
    }
    rig.rates.renew();
    SharedRateHold hold = rig.admitInTime(rules, 10);
    QVERIFY(hold.verdict()->kind == Kind::Admitted);
    QCOMPARE(hold.verdict()->states[0].used, 1);
    QCOMPARE(hold.verdict()->states[1].used, 10);
    hold.settle(20);
    QCOMPARE(usedOf(rig, tokens(100)), 20);
    QCOMPARE(usedOf(rig, requests(2)), 1);
    QCOMPARE(rig.redis.status.answering.load(), 1);
}

void SharedRatesTest::goOnWhereTheServerForgetsScripts()
{
    RedisServer server;
    SharedRatesRig rig(server.settings());
    QVERIFY(rig.comesUp());
    const std::array rules{requests(3), parallel(3)};
    for (int call = 0; call < 3; ++call) {
        server.run({"SCRIPT", "FLUSH"});
        SharedRateHold hold = rig.admitInTime(rules, 0);
        QVERIFY(hold.verdict()->kind == Kind::Admitted);
        server.run({"SCRIPT", "FLUSH"});
        hold.settle(0);
    }
    QVERIFY(!isAdmitted(rig, rules));
    QCOMPARE(usedOf(rig, parallel(3)), 0);
}

DELTA_LOOP_TEST_MAIN(SharedRatesTest)
#include "tst_shared_rates.moc"
