// labels: unit
#include "gateway/net/redis_breaker.h"

#include <QTest>

using namespace delta;
using namespace std::chrono_literals;
using net::RedisBreaker;

namespace {

constexpr SteadyTime start = SteadyTime(1'000s);

RedisBreaker closed()
{
    RedisBreaker breaker;
    breaker.close();
    return breaker;
}

} // namespace

class RedisBreakerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isOpenUntilAProbeSucceeds();
    void opensAfterSoManyFailuresInARow();
    void opensWhenNothingButFailuresComeForLongEnough();
    void forgetsFailuresWithTheFirstSuccess();
    void staysOpenWhateverLateCallsSay();
};

void RedisBreakerTest::isOpenUntilAProbeSucceeds()
{
    RedisBreaker breaker;
    QVERIFY(!breaker.isClosed());
    breaker.close();
    QVERIFY(breaker.isClosed());
    breaker.open();
    QVERIFY(!breaker.isClosed());
}

void RedisBreakerTest::opensAfterSoManyFailuresInARow()
{
    RedisBreaker breaker = closed();
    for (int failure = 1; failure < RedisBreaker::tolerance; ++failure) {
        breaker.noteFailure(start);
        QVERIFY(breaker.isClosed());
        QVERIFY(breaker.isInDoubt());
    }
    breaker.noteFailure(start);
    QVERIFY(!breaker.isClosed());
}

void RedisBreakerTest::opensWhenNothingButFailuresComeForLongEnough()
{
    RedisBreaker breaker = closed();
    breaker.noteFailure(start);
    breaker.check(start + RedisBreaker::patience - 1ms);
    QVERIFY(breaker.isClosed());
    breaker.check(start + RedisBreaker::patience);
    QVERIFY(!breaker.isClosed());
    breaker.close();
    breaker.noteFailure(start);
    breaker.noteFailure(start + RedisBreaker::patience);
    QVERIFY(!breaker.isClosed());
}

void RedisBreakerTest::forgetsFailuresWithTheFirstSuccess()
{
    RedisBreaker breaker = closed();
    for (int round = 0; round < 10; ++round) {
        for (int failure = 1; failure < RedisBreaker::tolerance; ++failure) {
            breaker.noteFailure(start + round * 1s);
        }
        breaker.noteSuccess();
        QVERIFY(!breaker.isInDoubt());
        breaker.check(start + round * 1s + RedisBreaker::patience);
        QVERIFY(breaker.isClosed());
    }
}

void RedisBreakerTest::staysOpenWhateverLateCallsSay()
{
    RedisBreaker breaker = closed();
    breaker.open();
    breaker.noteSuccess();
    QVERIFY(!breaker.isClosed());
    breaker.check(start);
    QVERIFY(!breaker.isClosed());
}

QTEST_GUILESS_MAIN(RedisBreakerTest)
#include "tst_redis_breaker.moc"
