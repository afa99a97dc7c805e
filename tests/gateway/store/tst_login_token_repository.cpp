// labels: db
// services: postgres
// dialects: both
#include "gateway/store/login_tables.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

namespace {

constexpr WallTime now = WallTime(1'795'824'000'000ms);

LoginTokenRow tokenOf(char mac, const QString &user)
{
    return {QByteArray(32, mac), u"reset"_s, user, u"an 'admin'"_s, now, now + 1h};
}

} // namespace

class LoginTokenRepositoryTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    LoginTables *m_tables = nullptr;

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock);
        m_tables = m_store->logins().value();
    }
    void cleanup()
    {
        m_store.reset();
    }

    void readsBackEveryField()
    {
        const LoginTokenRow token = tokenOf('a', u"u"_s);
        QVERIFY(m_tables->tokens.insert(token));
        QVERIFY(*m_tables->tokens.find(token.mac, u"reset"_s).value() == token);
        QVERIFY(!m_tables->tokens.find(token.mac, u"invitation"_s).value());
        QVERIFY(!m_tables->tokens.find(QByteArray(32, 'b'), u"reset"_s).value());
        LoginTokenRow aimless = tokenOf('c', u"u"_s);
        aimless.purpose = u"party"_s;
        QVERIFY(!m_tables->tokens.insert(aimless));
    }

    void takesALinkOnceAndInTime()
    {
        QVERIFY(m_tables->tokens.insert(tokenOf('a', u"u"_s)));
        QVERIFY(m_tables->tokens.insert(tokenOf('b', u"u"_s)));
        QVERIFY(m_tables->tokens.take(QByteArray(32, 'a'), now + 1h - 1ms).value());
        QVERIFY(!m_tables->tokens.take(QByteArray(32, 'a'), now).value());
        QVERIFY(!m_tables->tokens.find(QByteArray(32, 'a'), u"reset"_s).value());
        QVERIFY(!m_tables->tokens.take(QByteArray(32, 'b'), now + 1h).value());
    }

    void removesWhatIsUnusedOrOld()
    {
        for (const char mac : {'a', 'b'}) {
            QVERIFY(m_tables->tokens.insert(tokenOf(mac, u"u"_s)));
        }
        QVERIFY(m_tables->tokens.insert(tokenOf('c', u"v"_s)));
        QVERIFY(m_tables->tokens.take(QByteArray(32, 'a'), now).value());
        QVERIFY(m_tables->tokens.removeUnused(u"u"_s));
        QVERIFY(!m_tables->tokens.find(QByteArray(32, 'b'), u"reset"_s).value());
        QVERIFY(m_tables->tokens.find(QByteArray(32, 'c'), u"reset"_s).value());
        QVERIFY(!m_tables->tokens.insert(tokenOf('a', u"u"_s))); // Used, and still known.
        QVERIFY(m_tables->tokens.removeOld(now + 1h));
        QVERIFY(m_tables->tokens.find(QByteArray(32, 'c'), u"reset"_s).value());
        QVERIFY(m_tables->tokens.removeOld(now + 1h + 1ms));
        QVERIFY(!m_tables->tokens.find(QByteArray(32, 'c'), u"reset"_s).value());
    }

    void keepsOneUserForEachIdentity()
    {
        const IdentityRow first{u"https://a"_s, u"7"_s, u"u"_s, now};
        const IdentityRow second{u"https://b"_s, u"7"_s, u"v"_s, now};
        QVERIFY(m_tables->identities.insert(first).value());
        QVERIFY(m_tables->identities.insert(second).value());
        QVERIFY(!m_tables->identities.insert({u"https://a"_s, u"7"_s, u"w"_s, now}).value());
        QCOMPARE(*m_tables->identities.find(u"https://a"_s, u"7"_s).value(), u"u"_s);
        QCOMPARE(*m_tables->identities.find(u"https://b"_s, u"7"_s).value(), u"v"_s);
        QVERIFY(!m_tables->identities.find(u"https://a"_s, u"8"_s).value());
        QVERIFY(m_tables->identities.ofUser(u"u"_s).value() == std::vector{first});
        QVERIFY(m_tables->identities.remove(u"https://a"_s, u"7"_s).value());
        QVERIFY(!m_tables->identities.remove(u"https://a"_s, u"7"_s).value());
        QVERIFY(m_tables->identities.find(u"https://b"_s, u"7"_s).value());
    }
};

QTEST_GUILESS_MAIN(LoginTokenRepositoryTest)
#include "tst_login_token_repository.moc"
