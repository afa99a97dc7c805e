// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
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

SessionRow sessionOf(const QString &id, const QString &user, char mac)
{
    return {.id = id,
            .mac = QByteArray(32, mac),
            .userId = user,
            .role = u"platform_admin"_s,
            .createdAt = now,
            .lastSeenAt = now + 1s,
            .verifiedAt = now + 2s,
            .ip = u"192.0.2.1"_s,
            .userAgent = u"Agent 'quoted' ?1"_s};
}

} // namespace

class SessionRepositoryTest : public QObject
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
        const SessionRow session = sessionOf(u"s"_s, u"u"_s, 'a');
        QVERIFY(m_tables->sessions.insert(session));
        QVERIFY(*m_tables->sessions.findByMac(session.mac).value() == session);
        QVERIFY(!m_tables->sessions.findByMac(QByteArray(32, 'b')).value());
        QVERIFY(m_tables->sessions.ofUser(u"u"_s, {now, now}).value() == std::vector{session});
    }

    void listsWhatIsWithinTheBounds()
    {
        QVERIFY(m_tables->sessions.insert(sessionOf(u"s"_s, u"u"_s, 'a')));
        QVERIFY(m_tables->sessions.insert(sessionOf(u"t"_s, u"v"_s, 'b')));
        QCOMPARE(m_tables->sessions.ofUser(u"u"_s, {now + 1s, now}).value().size(), 1U);
        QVERIFY(m_tables->sessions.ofUser(u"u"_s, {now + 2s, now}).value().empty());
        QVERIFY(m_tables->sessions.ofUser(u"u"_s, {now, now + 1s}).value().empty());
    }

    void movesTheTimesOfASession()
    {
        SessionRow session = sessionOf(u"s"_s, u"u"_s, 'a');
        QVERIFY(m_tables->sessions.insert(session));
        QVERIFY(m_tables->sessions.noteSeen(u"s"_s, now + 60s));
        QVERIFY(m_tables->sessions.noteSeen(u"s"_s, now + 30s)); // Late, from another process.
        QVERIFY(m_tables->sessions.noteVerified(u"s"_s, now + 61s));
        session.lastSeenAt = now + 60s;
        session.verifiedAt = now + 61s;
        QVERIFY(*m_tables->sessions.findByMac(session.mac).value() == session);
    }

    void knowsARotatedSessionByItsNewTokenOnly()
    {
        const SessionRow session = sessionOf(u"s"_s, u"u"_s, 'a');
        const QByteArray next(32, 'n');
        QVERIFY(m_tables->sessions.insert(session));
        QVERIFY(m_tables->sessions.rotate({u"s"_s, session.mac, next}).value());
        QVERIFY(!m_tables->sessions.rotate({u"s"_s, session.mac, QByteArray(32, 'm')}).value());
        QVERIFY(!m_tables->sessions.findByMac(session.mac).value());
        QCOMPARE((*m_tables->sessions.findByMac(next).value()).id, u"s"_s);
    }

    void endsASessionOfItsUserOnly()
    {
        const SessionRow session = sessionOf(u"s"_s, u"u"_s, 'a');
        QVERIFY(m_tables->sessions.insert(session));
        QVERIFY(!m_tables->sessions.end(u"s"_s, u"v"_s, now).value());
        QVERIFY(m_tables->sessions.end(u"s"_s, u"u"_s, now).value());
        QVERIFY(!m_tables->sessions.end(u"s"_s, u"u"_s, now).value());
        QVERIFY(!m_tables->sessions.findByMac(session.mac).value());
        QVERIFY(!m_tables->sessions.rotate({u"s"_s, session.mac, QByteArray(32, 'n')}).value());
        QVERIFY(m_tables->sessions.ofUser(u"u"_s, {now, now}).value().empty());
    }

    void endsAllOfAUserButOne()
    {
        for (const char name : {'a', 'b', 'c'}) {
            QVERIFY(m_tables->sessions.insert(sessionOf(QString(QLatin1Char(name)), u"u"_s, name)));
        }
        QVERIFY(m_tables->sessions.insert(sessionOf(u"other"_s, u"v"_s, 'o')));
        QCOMPARE(m_tables->sessions.endOfUser(u"u"_s, u"b"_s, now).value(), 2);
        QVERIFY(m_tables->sessions.findByMac(QByteArray(32, 'b')).value());
        QCOMPARE(m_tables->sessions.endOfUser(u"u"_s, {}, now).value(), 1);
        QVERIFY(m_tables->sessions.findByMac(QByteArray(32, 'o')).value());
    }

    void remembersFromWhereSomebodyCame()
    {
        QVERIFY(m_tables->sessions.insert(sessionOf(u"s"_s, u"u"_s, 'a')));
        QVERIFY(m_tables->sessions.end(u"s"_s, u"u"_s, now).value());
        QVERIFY(m_tables->sessions.wasSeenFrom(u"u"_s, u"192.0.2.1"_s).value());
        QVERIFY(!m_tables->sessions.wasSeenFrom(u"u"_s, u"192.0.2.2"_s).value());
        QVERIFY(!m_tables->sessions.wasSeenFrom(u"v"_s, u"192.0.2.1"_s).value());
        QVERIFY(m_tables->sessions.removeOld(now + 1s)); // It was used then.
        QVERIFY(m_tables->sessions.wasSeenFrom(u"u"_s, u"192.0.2.1"_s).value());
        QVERIFY(m_tables->sessions.removeOld(now + 2s));
        QVERIFY(!m_tables->sessions.wasSeenFrom(u"u"_s, u"192.0.2.1"_s).value());
    }

    void goesWithItsUser()
    {
        m_store->useAuditMac([](QByteArrayView) { return QByteArray(32, 'm'); });
        User user;
        user.id = u"u"_s;
        QVERIFY(m_tables->sessions.insert(sessionOf(u"s"_s, u"u"_s, 'a')));
        QVERIFY(m_tables->sessions.insert(sessionOf(u"t"_s, u"v"_s, 'b')));
        QVERIFY(m_tables->logins.putPassword({u"u"_s, "x", false, now}));
        QVERIFY(m_tables->logins.replaceRecoveryCodes(u"u"_s, {QByteArray(32, 'r')}));
        QVERIFY(m_tables->identities.insert({u"https://a"_s, u"7"_s, u"u"_s, now}));
        QVERIFY(
            m_tables->tokens.insert({QByteArray(32, 'k'), u"reset"_s, u"u"_s, {}, now, now + 1h}));
        QVERIFY(m_store->change([&user](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.users.insert(user));
            return tables.users.remove({user.id}).transform([](bool) { });
        }));
        QVERIFY(!m_tables->sessions.findByMac(QByteArray(32, 'a')).value());
        QVERIFY(m_tables->sessions.findByMac(QByteArray(32, 'b')).value());
        QVERIFY(!m_tables->logins.find(u"u"_s).value());
        QCOMPARE(m_tables->logins.recoveryCodesLeft(u"u"_s).value(), 0);
        QVERIFY(!m_tables->identities.find(u"https://a"_s, u"7"_s).value());
        QVERIFY(!m_tables->tokens.find(QByteArray(32, 'k'), u"reset"_s).value());
    }
};

QTEST_GUILESS_MAIN(SessionRepositoryTest)
#include "tst_session_repository.moc"
