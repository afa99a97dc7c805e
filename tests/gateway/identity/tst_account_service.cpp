// labels: db hostile
// services: postgres
// dialects: both
#include "gateway/identity/identity_errors.h"
#include "tests/gateway/identity/identity_rig.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;
using delta::identity::test::IdentityRig;

namespace {

const QByteArray password = "correct horse battery";
const QByteArray another = "staple of the day 7";

} // namespace

class AccountServiceTest : public QObject
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

    void invitesSomebodyByALinkThatWorksOnce()
    {
        addInvited();
        const auto link = m_rig->accounts.invite({u"new"_s, {}});
        QVERIFY(link && !link->token); // It was mailed: who invites does not see it.
        QVERIFY(link->expiresAt == m_rig->clock.now + 72h);
        QCOMPARE(m_rig->mail.letters.size(), 1U);
        QCOMPARE(m_rig->mail.letters[0].to, "New@example.com"_ba);
        QVERIFY(m_rig->mail.letters[0].text.contains(
            u"https://gateway.example.com/ui/accept-invite#token="_s));
        const Secret token = mailedToken();
        const auto holder = m_rig->accounts.holderOf(LinkPurpose::Invitation, token);
        QVERIFY(holder && holder->id == u"new"_s);
        QVERIFY(use(LinkPurpose::Invitation, token, password));
        QVERIFY(m_rig->logIn(u"new"_s, password).value().session);
        const auto again = use(LinkPurpose::Invitation, token, another);
        QVERIFY(!again);
        QCOMPARE(again.error().codeText(), u"link_invalid"_s);
        QVERIFY(!m_rig->accounts.holderOf(LinkPurpose::Invitation, token));
        QCOMPARE(m_rig->accounts.invite({u"new"_s, {}}).error().param, u"user_id"_s);
        QCOMPARE(m_rig->accounts.invite({u"nobody"_s, {}}).error().param, u"user_id"_s);
    }

    void showsALinkOnceWhereNoMailIsSent()
    {
        addInvited();
        AccountService silent({m_rig->ground, m_rig->settings, m_rig->sessions, m_rig->factor,
                               m_rig->desk, m_rig->goHome, nullptr});
        const auto link = silent.invite({u"new"_s, {}});
        QVERIFY(link && link->token);
        QVERIFY(use(LinkPurpose::Invitation, *link->token, password));
        const auto refused = silent.requestReset(u"new@example.com"_s, {});
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::Unsupported);
    }

    void showsALinkWhoseLetterCannotBeSent()
    {
        addInvited();
        m_rig->mail.takesLetters = false;
        const auto link = m_rig->accounts.invite({u"new"_s, {}});
        QVERIFY(link && link->token);
        QVERIFY(use(LinkPurpose::Invitation, *link->token, password));
    }

    void letsALinkExpire_data()
    {
        QTest::addColumn<bool>("isInvitation");
        QTest::newRow("invitation, 72 h") << true;
        QTest::newRow("reset, 60 min") << false;
    }
    void letsALinkExpire()
    {
        QFETCH(const bool, isInvitation);
        const auto purpose = isInvitation ? LinkPurpose::Invitation : LinkPurpose::Reset;
        addInvited();
        QVERIFY(isInvitation ? m_rig->accounts.invite({u"new"_s, {}})
                             : m_rig->accounts.resetPassword({u"new"_s, {}}));
        const Secret token = mailedToken();
        m_rig->clock.now += (isInvitation ? 72h : 1h) - 1ms;
        QVERIFY(m_rig->accounts.holderOf(purpose, token));
        m_rig->clock.now += 1ms;
        QVERIFY(!m_rig->accounts.holderOf(purpose, token));
        QVERIFY(!use(purpose, token, password));
    }

    void voidsTheLinkBefore()
    {
        addInvited();
        QVERIFY(m_rig->accounts.invite({u"new"_s, {}}));
        const Secret first = mailedToken();
        QVERIFY(m_rig->accounts.invite({u"new"_s, {}}));
        QVERIFY(!use(LinkPurpose::Invitation, first, password));
        QVERIFY(use(LinkPurpose::Invitation, mailedToken(), password));
    }

    void takesALinkForWhatItIsOnly()
    {
        addInvited();
        QVERIFY(m_rig->accounts.invite({u"new"_s, {}}));
        QVERIFY(!use(LinkPurpose::Reset, mailedToken(), password));
        QVERIFY(!use(LinkPurpose::Invitation, Secret("short"), password));
        QVERIFY(!use(LinkPurpose::Invitation, Secret(QByteArray(43, 'a')), password));
        m_rig->people[u"new"_s].isBlocked = true;
        QVERIFY(!use(LinkPurpose::Invitation, mailedToken(), password));
    }

    void keepsALinkWhosePasswordWasRefused()
    {
        addInvited();
        QVERIFY(m_rig->accounts.invite({u"new"_s, {}}));
        for (const QByteArray &bad : {"short"_ba, "passwordpassword"_ba, "new@example.com"_ba}) {
            const auto refused = use(LinkPurpose::Invitation, mailedToken(), bad);
            QVERIFY(!refused);
            QCOMPARE(refused.error().param, u"password"_s);
        }
        QVERIFY(use(LinkPurpose::Invitation, mailedToken(), password));
    }

    void givesALinkToOneOfTwoWhoUseItAtOnce()
    {
        addInvited();
        QVERIFY(m_rig->accounts.invite({u"new"_s, {}}));
        int good = 0;
        int bad = 0;
        for (const QByteArray &wanted : {password, another}) {
            m_rig->accounts.useLink({LinkPurpose::Invitation, mailedToken(), Secret(wanted)},
                                    [&](const Result<void> &result) { ++(result ? good : bad); });
        }
        m_rig->home.runUntil([&] { return good + bad == 2; });
        QCOMPARE(good, 1);
    }

    void answersTheSameToWhoIsNotKnown()
    {
        m_rig->addUser(u"ada"_s, password);
        m_rig->addUser(u"bob"_s, password);
        m_rig->people[u"bob"_s].isBlocked = true;
        addInvited();
        for (const QString &name : {u"ada"_s, u"bob"_s, u"new"_s, u"nobody"_s}) {
            QVERIFY(m_rig->accounts.requestReset(name + u"@example.com"_s, {}));
            QVERIFY(m_rig->mail.letters.empty()); // The answer is out before anything is done.
        }
        m_rig->home.run();
        QCOMPARE(m_rig->mail.letters.size(), 1U);
        QCOMPARE(m_rig->mail.letters[0].to, "ada@Example.com"_ba);
    }

    void fillsNobodysMailbox()
    {
        m_rig->addUser(u"ada"_s, password);
        for (int i = 0; i < 100; ++i) {
            const QString attacker = u"203.0.113.%1"_s.arg(i);
            QVERIFY(m_rig->accounts.requestReset(u"ada@example.com"_s, {attacker, {}}));
        }
        m_rig->home.run();
        QCOMPARE(m_rig->mail.letters.size(), 2U);
        m_rig->clock.now += 1min;
        QVERIFY(m_rig->accounts.requestReset(u"ada@example.com"_s, {}));
        m_rig->home.run();
        QCOMPARE(m_rig->mail.letters.size(), 3U);
    }

    void slowsDownAPlaceThatAsksForMany()
    {
        for (int i = 0; i < 10; ++i) {
            QVERIFY(m_rig->accounts.requestReset(u"user%1@example.com"_s.arg(i), {u"x"_s, {}}));
        }
        const auto refused = m_rig->accounts.requestReset(u"more@example.com"_s, {u"x"_s, {}});
        QVERIFY(!refused);
        QCOMPARE(refused.error().status(), 429);
    }

    void endsAllSessionsOfWhoForgotTheirPassword()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession stolen = m_rig->session(u"ada"_s, password);
        const Secret seed = m_rig->addFactor(m_rig->caller(stolen));
        QVERIFY(m_rig->accounts.requestReset(u" ADA@example.com "_s, {}));
        m_rig->home.run();
        QVERIFY(m_rig->isGood(stolen)); // Anybody may ask.
        QVERIFY(use(LinkPurpose::Reset, mailedToken(), another));
        QVERIFY(!m_rig->isGood(stolen));
        QVERIFY(!m_rig->logIn(u"ada"_s, password));
        QVERIFY(!m_rig->logIn(u"ada"_s, another).value().session); // The second factor stays.
        QVERIFY(m_rig->logIn(u"ada"_s, another, m_rig->codeNow(seed)).value().session);
    }

    void takesAPasswordAwayThatAnAdministratorResets()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession open = m_rig->session(u"ada"_s, password);
        QVERIFY(m_rig->accounts.resetPassword({u"ada"_s, {}}));
        QVERIFY(!m_rig->isGood(open));
        QVERIFY(!m_rig->logIn(u"ada"_s, password));
        QVERIFY(use(LinkPurpose::Reset, mailedToken(), another));
        QVERIFY(m_rig->logIn(u"ada"_s, another).value().session);
    }

    void voidsLinksWhenThePasswordChanges()
    {
        m_rig->addUser(u"ada"_s, password);
        QVERIFY(m_rig->accounts.requestReset(u"ada@example.com"_s, {}));
        m_rig->home.run();
        const Caller caller = m_rig->caller(m_rig->session(u"ada"_s, password));
        QVERIFY(m_rig->await<OpenSession>([&](Done<OpenSession> done) {
            m_rig->logins.changePassword(caller, {Secret(password), {}}, Secret(another), done);
        }));
        QVERIFY(!use(LinkPurpose::Reset, mailedToken(), password));
    }

    void writesDownWhoDidWhat()
    {
        m_rig->addUser(u"ada"_s, password);
        AuditEvent by;
        by.actorKind = AuditActor::MasterKey;
        QCOMPARE(m_rig->accounts.endSessions({u"ada"_s, by}).value(), 0);
        const Caller caller = m_rig->caller(m_rig->session(u"ada"_s, password));
        QVERIFY(m_rig->logins.logout(caller));
        const auto database = store::Database::open(m_rig->place.address()).value();
        QStringList found;
        QVERIFY(database->each("audit/select_all"_L1, {}, [&found](const QSqlQuery &row) {
            found.append(row.value(4).toString() + u' ' + row.value(10).toString() + u' '
                         + row.value(12).toString());
        }));
        QCOMPARE(found,
                 (QStringList{u"master_key user.end_sessions ada"_s, u"user login ada"_s,
                              u"user logout ada"_s}));
    }

private:
    /// Makes a user who has no password.
    void addInvited()
    {
        m_rig->people.list.push_back({u"new"_s, u"New@example.com"_s, {}, {}, false});
    }
    /// Returns the token of the last letter.
    Secret mailedToken()
    {
        const QString &text = m_rig->mail.letters.back().text;
        return Secret(text.sliced(text.indexOf(u"#token="_s) + 7, 43).toLatin1());
    }
    Result<void> use(LinkPurpose purpose, const Secret &token, const QByteArray &wanted)
    {
        return m_rig->await<void>([&](Done<void> done) {
            m_rig->accounts.useLink({purpose, token, Secret(wanted)}, std::move(done));
        });
    }
};

QTEST_GUILESS_MAIN(AccountServiceTest)
#include "tst_account_service.moc"
