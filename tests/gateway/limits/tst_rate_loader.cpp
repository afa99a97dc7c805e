// labels: unit fault
#include "gateway/limits/rate_loader.h"
#include "tests/gateway/limits/loaded_limits.h"

#include <QTest>

#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::limits::RateDirectory;
using delta::test::LoadedLimits;
using delta::test::userLimit;

namespace {

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
        m_limits = std::make_unique<LoadedLimits>();
    }

    void bringsWhatTheStoreHas()
    {
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 1)));
        QVERIFY(m_limits->loader.load());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 1);
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 2)));
        QVERIFY(m_limits->loader.load());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 2);
        QVERIFY(!limitIn(m_limits->directory, "bob"));
    }

    void asksForNothingWhereNothingChanged()
    {
        QVERIFY(m_limits->loader.load());
        const auto before = m_limits->directory.current();
        QVERIFY(m_limits->loader.refresh());
        QCOMPARE(m_limits->directory.current(), before);
    }

    void keepsWhatIsGoneUntilItsKeyIsGoneToo()
    {
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 1)));
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"bob"_s, 1)));
        QVERIFY(m_limits->loader.load());
        QVERIFY(m_limits->store.removeRateLimit(userLimit(u"ann"_s, 1).subject));
        QVERIFY(m_limits->loader.load());
        QVERIFY(m_limits->store.removeRateLimit(userLimit(u"bob"_s, 1).subject));
        QVERIFY(m_limits->loader.load());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 1);
        QCOMPARE(limitIn(m_limits->directory, "bob"), 1);
        m_limits->loader.prune();
        QVERIFY(!limitIn(m_limits->directory, "ann"));
        QVERIFY(!limitIn(m_limits->directory, "bob"));
        QVERIFY(m_limits->directory.current()->isEmpty());
    }

    void takesTheNewOneOfALimitThatCameBack()
    {
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 1)));
        QVERIFY(m_limits->loader.load());
        QVERIFY(m_limits->store.removeRateLimit(userLimit(u"ann"_s, 1).subject));
        QVERIFY(m_limits->loader.load());
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 7)));
        QVERIFY(m_limits->loader.load());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 7);
        m_limits->loader.prune();
        QCOMPARE(limitIn(m_limits->directory, "ann"), 7);
    }

    void changesNothingWhileTheStoreIsDown()
    {
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 1)));
        QVERIFY(m_limits->loader.load());
        QVERIFY(m_limits->store.putRateLimit(userLimit(u"ann"_s, 2)));
        m_limits->store.isDown = true;
        QVERIFY(!m_limits->loader.refresh());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 1);
        m_limits->store.isDown = false;
        QVERIFY(m_limits->loader.refresh());
        QCOMPARE(limitIn(m_limits->directory, "ann"), 2);
    }

private:
    std::unique_ptr<LoadedLimits> m_limits;
};

QTEST_APPLESS_MAIN(RateLoaderTest)
#include "tst_rate_loader.moc"
