// labels: unit fault
#include "gateway/admin/rate_limit_service.h"
#include "gateway/auth/key_format.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/support/fake_rate_limit_store.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::RateLimitService;
using delta::limits::RateDirectory;
using delta::limits::RateLoader;
using delta::test::FakeRateLimitStore;

namespace {

RateLimit limitOf(const QString &user, qint64 requests)
{
    RateLimit limit;
    limit.subject = {RateScope::User, user, {}, {}};
    limit.limits.requestsPerMinute = requests;
    return limit;
}

} // namespace

class RateLimitServiceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = FakeRateLimitStore();
        m_directory.replace({});
        m_loader.emplace(RateLoader::Parts{m_store, m_directory});
    }

    void setsWhatHoldsAtOnce()
    {
        QVERIFY(service().put(limitOf(u"ann"_s, 1)));
        QVERIFY(!m_directory.current()->isEmpty());
        QVERIFY(service().remove(limitOf(u"ann"_s, 1).subject));
        QVERIFY(m_directory.current()->isEmpty());
    }

    void worksWithoutAGateway()
    {
        RateLimitService lonely({m_store});
        QVERIFY(lonely.put(limitOf(u"ann"_s, 1)));
        QVERIFY(m_store.limits == std::vector{limitOf(u"ann"_s, 1)});
        QVERIFY(m_directory.current()->isEmpty());
    }

    void saysThatTheChangeDoesNotHoldYet()
    {
        m_store.hidesVersion = true;
        QCOMPARE(service().put(limitOf(u"ann"_s, 1)).error().kind, ErrorKind::StoreUnavailable);
        m_store.hidesVersion = false;
        QVERIFY(service().put(limitOf(u"ann"_s, 1))); // It may be tried again.
        QVERIFY(!m_directory.current()->isEmpty());
    }

    void removesALimitThatTheGatewayCannotForgetYet()
    {
        QVERIFY(service().put(limitOf(u"ann"_s, 1)));
        m_store.hidesVersion = true;
        const auto removed = service().remove(limitOf(u"ann"_s, 1).subject);
        QVERIFY(removed && *removed == limitOf(u"ann"_s, 1));
        QVERIFY(m_store.limits.empty());
        QVERIFY(!m_directory.current()->isEmpty()); // It lets through too little, not too much.
    }

    void keepsALimitThatAPatchWouldSpoil()
    {
        QVERIFY(service().put(limitOf(u"ann"_s, 1)));
        for (const QJsonObject &patch :
             {QJsonObject{{"rpm_limit"_L1, QJsonValue::Null}}, QJsonObject{{"rpm_limit"_L1, -1}},
              QJsonObject{{"tpm_limit"_L1, u"many"_s}}, QJsonObject{{"scope"_L1, u"key"_s}}}) {
            const auto changed = service().set(limitOf(u"ann"_s, 1).subject, patch);
            QVERIFY(!changed);
            QCOMPARE(changed.error().kind, ErrorKind::InvalidRequest);
        }
        QVERIFY(m_store.limits == std::vector{limitOf(u"ann"_s, 1)});
    }

    void refusesAKeyWhereItsIdMustStand()
    {
        SystemRandom random;
        RateLimit limit = limitOf(u"ann"_s, 1);
        limit.subject.scope = RateScope::Key;
        limit.subject.scopeId = QString::fromLatin1(auth::issueKey(random).text.reveal());
        const auto refused = service().put(limit);
        QVERIFY(!refused);
        QCOMPARE(refused.error().param, u"scope_id"_s);
        QVERIFY(!refused.error().message.contains(limit.subject.scopeId));
        QVERIFY(m_store.limits.empty());
    }

    void tellsOfAStoreThatIsDown()
    {
        m_store.isDown = true;
        const RateSubject subject = limitOf(u"ann"_s, 1).subject;
        QVERIFY(!service().put(limitOf(u"ann"_s, 1)));
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
        return RateLimitService({m_store, &*m_loader});
    }

    FakeRateLimitStore m_store;
    RateDirectory m_directory;
    std::optional<RateLoader> m_loader;
};

QTEST_APPLESS_MAIN(RateLimitServiceTest)
#include "tst_rate_limit_service.moc"
