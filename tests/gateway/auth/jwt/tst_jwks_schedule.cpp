#include "gateway/auth/jwt/jwks_schedule.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace std::chrono_literals;

class JwksScheduleTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void beginsAtOnce()
    {
        QVERIFY(JwksSchedule().waitFrom(m_start) <= 0ms);
    }

    void comesBackEachHour()
    {
        JwksSchedule schedule = withKeys();
        QCOMPARE(schedule.waitFrom(m_start), 1h);
        QCOMPARE(schedule.waitFrom(m_start + 30min), 30min);
        QVERIFY(schedule.waitFrom(m_start + 1h) <= 0ms);
    }

    void grantsAWishAtOnceButNoTwoInTenSeconds()
    {
        JwksSchedule schedule = withKeys();
        schedule.wish();
        QCOMPARE(schedule.waitFrom(m_start + 1s), 9s);
        QVERIFY(schedule.waitFrom(m_start + 10s) <= 0ms);
        schedule.begin(m_start + 10s);
        schedule.succeed();
        QCOMPARE(schedule.waitFrom(m_start + 10s), 1h);
        schedule.wish();
        schedule.wish();
        QCOMPARE(schedule.waitFrom(m_start + 11s), 9s);
        QVERIFY(schedule.waitFrom(m_start + 10min) <= 0ms);
    }

    void grantsAWishThatComesDuringAFetchByAnother()
    {
        JwksSchedule schedule = withKeys();
        schedule.begin(m_start + 1h);
        schedule.wish();
        schedule.succeed();
        QCOMPARE(schedule.waitFrom(m_start + 1h), 10s);
    }

    void triesAgainSoonAfterAFailure()
    {
        JwksSchedule schedule = withKeys();
        schedule.begin(m_start + 1h);
        schedule.fail();
        QCOMPARE(schedule.waitFrom(m_start + 1h), 10s);
    }

    void hurriesWhileThereAreNoKeys()
    {
        JwksSchedule schedule;
        schedule.begin(m_start);
        schedule.fail();
        QCOMPARE(schedule.waitFrom(m_start), 2s);
        schedule.wish();
        QCOMPARE(schedule.waitFrom(m_start + 1s), 1s);
    }

private:
    [[nodiscard]] JwksSchedule withKeys() const
    {
        JwksSchedule schedule;
        schedule.begin(m_start);
        schedule.succeed();
        return schedule;
    }

    const SteadyTime m_start{1000s};
};

QTEST_APPLESS_MAIN(JwksScheduleTest)
#include "tst_jwks_schedule.moc"
