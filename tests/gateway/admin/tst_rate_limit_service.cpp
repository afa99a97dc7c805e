// labels: unit fault
#include "gateway/admin/rate_limit_service.h"
#include "gateway/auth/key_format.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/limits/loaded_limits.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::RateLimitService;
using delta::test::LoadedLimits;
using delta::test::userLimit;

class RateLimitServiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_limits = std::make_unique<LoadedLimits>();
    }

    void setsWhatHoldsAtOnce()
    {
        QVERIFY(service().put(userLimit(u"ann"_s, 1)));
        QVERIFY(!m_limits->directory.current()->isEmpty());
        QVERIFY(service().remove(userLimit(u"ann"_s, 1).subject));
        QVERIFY(m_limits->directory.current()->isEmpty());
    }

    void worksWithoutAGateway()
    {
        RateLimitService lonely({m_limits->store});
        QVERIFY(lonely.put(userLimit(u"ann"_s, 1)));
        QVERIFY(m_limits->store.limits == std::vector{userLimit(u"ann"_s, 1)});
        QVERIFY(m_limits->directory.current()->isEmpty());
    }

    void saysThatTheChangeDoesNotHoldYet()
    {
        m_limits->store.hidesVersion = true;
        QCOMPARE(service().put(userLimit(u"ann"_s, 1)).error().kind, ErrorKind::StoreUnavailable);
        m_limits->store.hidesVersion = false;
        QVERIFY(service().put(userLimit(u"ann"_s, 1))); // It may be tried again.
        QVERIFY(!m_limits->directory.current()->isEmpty());
    }

    void removesALimitThatTheGatewayCannotForgetYet()
    {
        QVERIFY(service().put(userLimit(u"ann"_s, 1)));
        m_limits->store.hidesVersion = true;
        const auto removed = service().remove(userLimit(u"ann"_s, 1).subject);
        QVERIFY(removed && *removed == userLimit(u"ann"_s, 1));
        QVERIFY(m_limits->store.limits.empty());
        QVERIFY(
            !m_limits->directory.current()->isEmpty()); // It lets through too little, not too much.
    }

    void keepsALimitThatAPatchWouldSpoil()
    {
        QVERIFY(service().put(userLimit(u"ann"_s, 1)));
        for (const QJsonObject &patch :
             {QJsonObject{{"rpm_limit"_L1, QJsonValue::Null}}, QJsonObject{{"rpm_limit"_L1, -1}},
              QJsonObject{{"tpm_limit"_L1, u"many"_s}}, QJsonObject{{"scope"_L1, u"key"_s}}}) {
            const auto changed = service().set(userLimit(u"ann"_s, 1).subject, patch);
            QVERIFY(!changed);
            QCOMPARE(changed.error().kind, ErrorKind::InvalidRequest);
        }
        QVERIFY(m_limits->store.limits == std::vector{userLimit(u"ann"_s, 1)});
    }

    void refusesAKeyWhereItsIdMustStand()
    {
        SystemRandom random;
        RateLimit limit = userLimit(u"ann"_s, 1);
        limit.subject.scope = RateScope::Key;
        limit.subject.scopeId = QString::fromLatin1(auth::issueKey(random).text.reveal());
        const auto refused = service().put(limit);
        QVERIFY(!refused);
        QCOMPARE(refused.error().param, u"scope_id"_s);
        QVERIFY(!refused.error().message.contains(limit.subject.scopeId));
        QVERIFY(m_limits->store.limits.empty());
    }

    void tellsOfAStoreThatIsDown()
    {
        m_limits->store.isDown = true;
        const RateSubject subject = userLimit(u"ann"_s, 1).subject;
        QVERIFY(!service().put(userLimit(u"ann"_s, 1)));
        QVERIFY(!service().set(subject, {{"rpm_limit"_L1, 1}}));
        QVERIFY(!service().find(subject));
        QVERIFY(!service().list());
        QVERIFY(!service().remove(subject));
        QVERIFY(!service().ofKey(u"k"_s));
        QVERIFY(!service().removeOfKey(u"k"_s));
    }

private:
    /// As in a gateway that runs.
    RateLimitService service()
    {
        return RateLimitService({m_limits->store, &m_limits->loader});
    }

    std::unique_ptr<LoadedLimits> m_limits;
};

QTEST_APPLESS_MAIN(RateLimitServiceTest)
#include "tst_rate_limit_service.moc"
