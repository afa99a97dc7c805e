// labels: unit fault
#include "gateway/limits/rate_loader.h"
#include "tests/support/fake_rate_limit_store.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
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

/// Returns how many requests a user may make; nothing if the directory has no limit.
std::optional<qint64> limitIn(const RateDirectory &directory, const QByteArray &user)
{
    SpendEntry call;
    call.userId = user;
    std::vector<limits::RateRule> rules;
    directory.current()->addRules(call, {}, rules);
    return rules.empty() ? std::nullopt : std::optional(rules.front().limit);
}

} // namespace

class RateLoaderTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store = FakeRateLimitStore();
        m_directory.replace({});
        m_loader.emplace(RateLoader::Parts{m_store, m_directory});
    }

    void bringsWhatTheStoreHas()
    {
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 1)));
        QVERIFY(m_loader->load());
        QCOMPARE(limitIn(m_directory, "ann"), 1);
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 2)));
        QVERIFY(m_loader->load());
        QCOMPARE(limitIn(m_directory, "ann"), 2);
        QVERIFY(!limitIn(m_directory, "bob"));
    }

    void asksForNothingWhereNothingChanged()
    {
        QVERIFY(m_loader->load());
        const auto before = m_directory.current();
        QVERIFY(m_loader->refresh());
        QCOMPARE(m_directory.current(), before);
    }

    void keepsWhatIsGoneUntilItsKeyIsGoneToo()
    {
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 1)));
        QVERIFY(m_store.putRateLimit(limitOf(u"bob"_s, 1)));
        QVERIFY(m_loader->load());
        QVERIFY(m_store.removeRateLimit(limitOf(u"ann"_s, 1).subject));
        QVERIFY(m_loader->load());
        QVERIFY(m_store.removeRateLimit(limitOf(u"bob"_s, 1).subject));
        QVERIFY(m_loader->load());
        QCOMPARE(limitIn(m_directory, "ann"), 1);
        QCOMPARE(limitIn(m_directory, "bob"), 1);
        m_loader->prune();
        QVERIFY(!limitIn(m_directory, "ann"));
        QVERIFY(!limitIn(m_directory, "bob"));
        QVERIFY(m_directory.current()->isEmpty());
    }

    void takesTheNewOneOfALimitThatCameBack()
    {
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 1)));
        QVERIFY(m_loader->load());
        QVERIFY(m_store.removeRateLimit(limitOf(u"ann"_s, 1).subject));
        QVERIFY(m_loader->load());
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 7)));
        QVERIFY(m_loader->load());
        QCOMPARE(limitIn(m_directory, "ann"), 7);
        m_loader->prune();
        QCOMPARE(limitIn(m_directory, "ann"), 7);
    }

    void changesNothingWhileTheStoreIsDown()
    {
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 1)));
        QVERIFY(m_loader->load());
        QVERIFY(m_store.putRateLimit(limitOf(u"ann"_s, 2)));
        m_store.isDown = true;
        QVERIFY(!m_loader->refresh());
        QCOMPARE(limitIn(m_directory, "ann"), 1);
        m_store.isDown = false;
        QVERIFY(m_loader->refresh());
        QCOMPARE(limitIn(m_directory, "ann"), 2);
    }

private:
    FakeRateLimitStore m_store;
    RateDirectory m_directory;
    std::optional<RateLoader> m_loader;
};

QTEST_APPLESS_MAIN(RateLoaderTest)
#include "tst_rate_loader.moc"
