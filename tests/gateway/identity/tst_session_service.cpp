// labels: db
// services: postgres
// dialects: both
#include "gateway/identity/identity_errors.h"
#include "tests/gateway/identity/identity_rig.h"

#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;
using delta::identity::test::IdentityRig;

namespace {

const QByteArray password = "correct horse battery";

} // namespace

class SessionServiceTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<IdentityRig> m_rig;

private Q_SLOTS:
    void init()
    {
        m_rig = std::make_unique<IdentityRig>();
    }
    void cleanup()
    {
        m_rig.reset();
    }

    void knowsASessionByItsTokenOnly()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        const Caller caller = m_rig->caller(open);
        QCOMPARE(caller.person.id, u"ada"_s);
        QCOMPARE(caller.session.ip, u"192.0.2.1"_s);
        QCOMPARE(caller.session.userAgent, u"Browser"_s);
        QVERIFY(!caller.mustChangePassword);
        for (const QByteArray &text : {""_ba, open.session.mac, open.session.mac.toHex(),
                                       open.session.id.toLatin1(), QByteArray(43, 'a')}) {
            const auto refused = m_rig->sessions.identify(Secret(text), {});
            QVERIFY(!refused);
            QCOMPARE(refused.error().status(), 401);
            QCOMPARE(refused.error().codeText(), u"login_required"_s);
        }
    }

    void endsASessionThatIsNotUsed()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        m_rig->clock.now += 30min - 1ms;
        QVERIFY(m_rig->isGood(open));
        m_rig->clock.now += 30min;
        QVERIFY(m_rig->sessions.list(u"ada"_s).value().empty());
        QVERIFY(!m_rig->isGood(open));
        m_rig->clock.now -= 30min; // It does not come back.
        QVERIFY(!m_rig->isGood(open));
    }

    void endsASessionThatIsOldHoweverMuchItIsUsed()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        for (int minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
            QVERIFY(m_rig->isGood(open));
            m_rig->clock.now += 20min;
        }
        QVERIFY(m_rig->isGood(open));
        m_rig->clock.now += 20min - 1ms;
        QVERIFY(m_rig->isGood(open));
        m_rig->clock.now += 1ms;
        QVERIFY(!m_rig->isGood(open));
    }

    void writesOnceAMinuteThatASessionIsUsed()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        const WallTime begin = m_rig->clock.now;
        const auto seenAt = [this, &open] {
            return (*m_rig->store.logins().value()->sessions.findByMac(open.session.mac).value())
                .lastSeenAt;
        };
        m_rig->clock.now += 1min - 1ms;
        QVERIFY(m_rig->isGood(open));
        QVERIFY(seenAt() == begin);
        m_rig->clock.now += 1ms;
        QVERIFY(m_rig->isGood(open));
        QVERIFY(seenAt() == begin + 1min);
    }

    void isOverAtOnceForWhoIsBlockedOrGoneOrHasAnotherRole_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("blocked") << 0;
        QTest::newRow("another role") << 1;
        QTest::newRow("gone") << 2;
    }
    void isOverAtOnceForWhoIsBlockedOrGoneOrHasAnotherRole()
    {
        QFETCH(const int, what);
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        const auto before = m_rig->people.list;
        if (what == 0) {
            m_rig->people[u"ada"_s].isBlocked = true;
        } else if (what == 1) {
            m_rig->people[u"ada"_s].role = u"platform_viewer"_s;
        } else {
            m_rig->people.list.clear();
        }
        QVERIFY(!m_rig->isGood(open));
        m_rig->people.list = before;
        QVERIFY(!m_rig->isGood(open));
    }

    void opensNothingWithTheTokenBeforeTheLast()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession first = m_rig->session(u"ada"_s, password);
        const Caller caller = m_rig->caller(first);
        m_rig->clock.now += 11min;
        const auto second = m_rig->sessions.renew(caller.session);
        QVERIFY(second);
        QVERIFY(!m_rig->isGood(first));
        QVERIFY(m_rig->isGood(*second));
        QCOMPARE(second->session.id, first.session.id);
        QVERIFY(second->csrfToken != first.csrfToken);
        QVERIFY(m_rig->sessions.requireRecentProof(m_rig->caller(*second).session));
        // Who lost the race has nothing.
        const auto third = m_rig->sessions.renew(caller.session);
        QVERIFY(!third);
        QCOMPARE(third.error().codeText(), u"login_required"_s);
        QVERIFY(m_rig->isGood(*second));
    }

    void asksForTheTokenOfThisSession()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        const OpenSession other = m_rig->session(u"ada"_s, password);
        QVERIFY(m_rig->sessions.requireCsrf(open.session, open.csrfToken));
        for (const QByteArray &given : {""_ba, other.csrfToken, open.token.reveal(),
                                        open.csrfToken.chopped(1), open.csrfToken + 'x'}) {
            const auto refused = m_rig->sessions.requireCsrf(open.session, given);
            QVERIFY(!refused);
            QCOMPARE(refused.error().status(), 403);
            QCOMPARE(refused.error().codeText(), u"csrf_token_invalid"_s);
        }
    }

    void asksForAProofThatIsRecent()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        m_rig->clock.now += 10min - 1ms;
        QVERIFY(m_rig->sessions.requireRecentProof(m_rig->caller(open).session));
        m_rig->clock.now += 1ms;
        const auto refused = m_rig->sessions.requireRecentProof(m_rig->caller(open).session);
        QVERIFY(!refused);
        QCOMPARE(refused.error().status(), 403);
        QCOMPARE(refused.error().codeText(), u"step_up_required"_s);
        QVERIFY(m_rig->sessions.noteProof(open.session));
        QVERIFY(m_rig->sessions.requireRecentProof(m_rig->caller(open).session));
    }

    void listsAndEndsTheSessionsOfOneUser()
    {
        m_rig->addUser(u"ada"_s, password);
        m_rig->addUser(u"bob"_s, password);
        const OpenSession first = m_rig->session(u"ada"_s, password);
        m_rig->clock.now += 2min;
        const OpenSession second = m_rig->session(u"ada"_s, password);
        const OpenSession other = m_rig->session(u"bob"_s, password);
        const auto list = m_rig->sessions.list(u"ada"_s);
        QVERIFY(list && list->size() == 2);
        QCOMPARE(list->front().id, second.session.id);
        QVERIFY(!m_rig->sessions.end(other.session.id, u"ada"_s).value());
        QVERIFY(m_rig->sessions.end(first.session.id, u"ada"_s).value());
        QVERIFY(!m_rig->isGood(first));
        QVERIFY(m_rig->isGood(second) && m_rig->isGood(other));
        QCOMPARE(m_rig->sessions.endAll(u"ada"_s).value(), 1);
        QVERIFY(!m_rig->isGood(second) && m_rig->isGood(other));
    }

    void isOverAtOnceWhereAnotherProcessEndedIt()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        QVERIFY(m_rig->isGood(open));
        store::Store other(m_rig->place.address(), m_rig->clock);
        SessionService elsewhere({other, m_rig->people, m_rig->pepper, m_rig->clock, m_rig->random},
                                 {});
        QCOMPARE(elsewhere.endAll(u"ada"_s).value(), 1);
        QVERIFY(!m_rig->isGood(open));
    }

    void forgetsSessionsThatAreLongOver()
    {
        m_rig->addUser(u"ada"_s, password);
        QVERIFY(m_rig->logIn(u"ada"_s, password));
        const auto wasHere = [this] {
            return m_rig->store.logins()
                .value()
                ->sessions.wasSeenFrom(u"ada"_s, u"192.0.2.1"_s)
                .value();
        };
        m_rig->clock.now += std::chrono::days(30) + 12h;
        QVERIFY(m_rig->sessions.tidy());
        QVERIFY(wasHere());
        m_rig->clock.now += 1min;
        QVERIFY(m_rig->sessions.tidy()); // Too soon after the last time.
        QVERIFY(wasHere());
        m_rig->clock.now += 1h;
        QVERIFY(m_rig->sessions.tidy());
        QVERIFY(!wasHere());
    }

    void keepsOfABrowsersNameWhatIsOfUse()
    {
        m_rig->addUser(u"ada"_s, password);
        const auto open = m_rig->sessions.open(m_rig->people[u"ada"_s],
                                               {u"192.0.2.1"_s, QString(10'000, u'x')});
        QVERIFY(open);
        QCOMPARE(open->session.userAgent.size(), 300);
    }
};

QTEST_GUILESS_MAIN(SessionServiceTest)
#include "tst_session_service.moc"
