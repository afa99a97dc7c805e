// labels: db hostile
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
const QByteArray another = "staple of the day 7";

} // namespace

class LoginServiceTest : public QObject
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

    void letsInWhoKnowsThePassword()
    {
        m_rig->addUser(u"ada"_s, password);
        const auto outcome = m_rig->logIn(u"ADA"_s, password);
        QVERIFY(outcome && outcome->session);
        QVERIFY(!outcome->mustChangePassword);
        QCOMPARE(m_rig->caller(*outcome->session).person.id, u"ada"_s);
        const auto login = *m_rig->store.logins().value()->logins.find(u"ada"_s).value();
        QVERIFY(login.lastLoginAt == m_rig->clock.now);
        const auto me = m_rig->logins.me(m_rig->caller(*outcome->session));
        QVERIFY(me && me->hasPassword && !me->hasSecondFactor);
    }

    void tellsNobodyWhatWasWrong()
    {
        m_rig->addUser(u"ada"_s, password);
        m_rig->addUser(u"bob"_s, password);
        m_rig->people[u"bob"_s].isBlocked = true;
        m_rig->people.list.push_back({u"new"_s, u"new@example.com"_s, {}, {}, false});
        const auto wrong = m_rig->logIn(u"ada"_s, another);
        const auto unknown = m_rig->logIn(u"nobody"_s, password);
        const auto blocked = m_rig->logIn(u"bob"_s, password);
        const auto invited = m_rig->logIn(u"new"_s, password);
        QVERIFY(!wrong && !unknown && !blocked && !invited);
        QCOMPARE(wrong.error().status(), 401);
        QCOMPARE(wrong.error().codeText(), u"invalid_credentials"_s);
        for (const ApiError &error : {unknown.error(), blocked.error(), invited.error()}) {
            QCOMPARE(error.kind, wrong.error().kind);
            QCOMPARE(error.message, wrong.error().message);
            QCOMPARE(error.codeText(), wrong.error().codeText());
            QCOMPARE(error.detail, wrong.error().detail);
        }
    }

    void givesEveryLoginASessionOfItsOwn()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession first = m_rig->session(u"ada"_s, password);
        const OpenSession second = m_rig->session(u"ada"_s, password);
        QVERIFY(first.token.reveal() != second.token.reveal());
        QVERIFY(m_rig->isGood(first));
        QVERIFY(m_rig->logins.logout(m_rig->caller(first)));
        QVERIFY(!m_rig->isGood(first));
        QVERIFY(m_rig->isGood(second));
    }

    void hashesAnewWhatCostTooLittle()
    {
        m_rig->addUser(u"ada"_s, password);
        const auto find = [this] {
            return *m_rig->store.logins().value()->logins.find(u"ada"_s).value();
        };
        const QByteArray weak =
            auth::hashPassword(Secret(password), m_rig->random, {8, 1, 1}).value();
        QVERIFY(m_rig->store.logins().value()->logins.replaceHash(find(), weak).value());
        QVERIFY(!m_rig->logIn(u"ada"_s, another));
        QCOMPARE(find().passwordHash, weak);
        QVERIFY(m_rig->logIn(u"ada"_s, password));
        QVERIFY(!auth::isWeaker(find().passwordHash, m_rig->cost));
        QVERIFY(m_rig->logIn(u"ada"_s, password));
    }

    void refusesWhatIsTooLongBeforeItCosts()
    {
        m_rig->addUser(u"ada"_s, password);
        const auto refused = m_rig->logIn(u"ada"_s, QByteArray(1025, 'x'));
        QVERIFY(!refused);
        QCOMPARE(refused.error().param, u"password"_s);
    }

    void letsNobodyInWhoWasBlockedWhileThePasswordWasComputed()
    {
        m_rig->addUser(u"ada"_s, password);
        std::optional<Result<LoginOutcome>> outcome;
        m_rig->logins.login({u"ada@example.com"_s, Secret(password), {}, {}},
                            [&outcome](auto result) { outcome = std::move(result); });
        m_rig->people[u"ada"_s].isBlocked = true;
        m_rig->home.runUntil([&outcome] { return outcome.has_value(); });
        QVERIFY(!*outcome);
        QVERIFY(m_rig->sessions.list(u"ada"_s).value().empty());
    }

    void letsNobodyInWithAPasswordThatWasChangedMeanwhile()
    {
        m_rig->addUser(u"ada"_s, password);
        std::optional<Result<LoginOutcome>> outcome;
        m_rig->logins.login({u"ada@example.com"_s, Secret(password), {}, {}},
                            [&outcome](auto result) { outcome = std::move(result); });
        QVERIFY(m_rig->store.logins().value()->logins.putPassword({u"ada"_s, "x", false, {}}));
        m_rig->home.runUntil([&outcome] { return outcome.has_value(); });
        QVERIFY(!*outcome);
    }

    void endsTheOthersWhenThePasswordChanges()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession stolen = m_rig->session(u"ada"_s, password);
        const OpenSession own = m_rig->session(u"ada"_s, password);
        const auto changed = change(m_rig->caller(own), password, another);
        QVERIFY(changed);
        QVERIFY(!m_rig->isGood(stolen));
        QVERIFY(!m_rig->isGood(own)); // It has another token now.
        QVERIFY(m_rig->isGood(*changed));
        QVERIFY(!m_rig->logIn(u"ada"_s, password));
        QVERIFY(m_rig->logIn(u"ada"_s, another));
    }

    void changesAPasswordOnlyForWhoKnowsIt()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession own = m_rig->session(u"ada"_s, password);
        const Caller caller = m_rig->caller(own);
        const auto wrong = change(caller, another, "quite another 123");
        QVERIFY(!wrong);
        QCOMPARE(wrong.error().codeText(), u"invalid_credentials"_s);
        for (const QByteArray &bad : {"short"_ba, "Ada@Example.com"_ba, password}) {
            const auto refused = change(caller, password, bad);
            QVERIFY(!refused);
            QCOMPARE(refused.error().param, u"new_password"_s);
        }
        QVERIFY(m_rig->isGood(own));
        QVERIFY(m_rig->logIn(u"ada"_s, password));
    }

    void asksForAnotherPasswordUntilThereIsOne()
    {
        m_rig->people.list = {{u"root"_s, u"root@example.com"_s, {}, u"platform_admin"_s, false}};
        const QByteArray drawn =
            auth::hashPassword(Secret(password), m_rig->random, m_rig->cost).value();
        QVERIFY(m_rig->accounts.adoptPassword(u"root"_s, drawn).value());
        const auto outcome = m_rig->logIn(u"root"_s, password);
        QVERIFY(outcome && outcome->session && outcome->mustChangePassword);
        const Caller caller = m_rig->caller(*outcome->session);
        QVERIFY(caller.mustChangePassword);
        const auto changed = change(caller, password, another);
        QVERIFY(changed);
        QVERIFY(!m_rig->caller(*changed).mustChangePassword);
        QVERIFY(!m_rig->accounts.adoptPassword(u"root"_s, drawn).value());
        QVERIFY(m_rig->logIn(u"root"_s, another));
    }

    void provesAgainWithThePassword()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession own = m_rig->session(u"ada"_s, password);
        m_rig->clock.now += 11min;
        QVERIFY(!stepUp(m_rig->caller(own), {Secret(another), {}}));
        QVERIFY(!m_rig->sessions.requireRecentProof(m_rig->caller(own).session));
        QVERIFY(stepUp(m_rig->caller(own), {Secret(password), {}}));
        QVERIFY(m_rig->sessions.requireRecentProof(m_rig->caller(own).session));
    }

    void slowsDownWhoGuessesAndLocksNobodyOut()
    {
        m_rig->addUser(u"ada"_s, password);
        QVERIFY(m_rig->logIn(u"ada"_s, password, {}, u"198.51.100.7"_s)); // A place that is known.
        int refused = 0;
        for (int i = 0; i < 100; ++i) {
            const QString attacker = u"203.0.113.%1"_s.arg(i);
            const auto guess = m_rig->logIn(u"ada"_s, another, {}, attacker);
            QVERIFY(!guess);
            refused += guess.error().status() == 429 ? 1 : 0;
        }
        QCOMPARE(refused, 96); // Three cost no time, the fourth does.
        QVERIFY(m_rig->logIn(u"ada"_s, password, {}, u"198.51.100.7"_s));
        // From elsewhere, the right password waits as long as a wrong one, and no longer.
        const auto early = m_rig->logIn(u"ada"_s, password, {}, u"192.0.2.9"_s);
        QVERIFY(!early);
        QCOMPARE(early.error().status(), 429);
        m_rig->clock.now += early.error().retryAfter.value();
        QVERIFY(m_rig->logIn(u"ada"_s, password, {}, u"192.0.2.9"_s));
    }

    void slowsDownGuessesAtWhoIsNotKnownAlike()
    {
        m_rig->addUser(u"ada"_s, password);
        for (int i = 0; i < 6; ++i) {
            const QString attacker = u"203.0.113.%1"_s.arg(i);
            const auto known = m_rig->logIn(u"ada"_s, another, {}, attacker);
            const auto unknown = m_rig->logIn(u"nobody"_s, another, {}, attacker);
            QVERIFY(!known && !unknown);
            QCOMPARE(unknown.error().status(), known.error().status());
            QCOMPARE(unknown.error().retryAfter, known.error().retryAfter);
        }
    }

    void countsAPlaceWhoeverItAsksFor()
    {
        m_rig->addUser(u"ada"_s, password);
        for (int i = 0; i < 20; ++i) {
            QCOMPARE(m_rig->logIn(u"user%1"_s.arg(i), another).error().status(), 401);
        }
        QCOMPARE(m_rig->logIn(u"ada"_s, password).error().status(), 429);
        QVERIFY(m_rig->logIn(u"ada"_s, password, {}, u"192.0.2.2"_s));
        m_rig->clock.now += 3s;
        QVERIFY(m_rig->logIn(u"ada"_s, password));
    }

    void doesNotForgetAPlaceBecauseOneOfItsAccountsIsRight()
    {
        m_rig->addUser(u"ada"_s, password);
        int guesses = 0;
        for (int i = 0; i < 40; ++i) {
            guesses += m_rig->logIn(u"user%1"_s.arg(i), another).error().status() == 401 ? 1 : 0;
            std::ignore = m_rig->logIn(u"ada"_s, password);
        }
        QCOMPARE(guesses, 20);
    }

private:
    Result<OpenSession> change(const Caller &caller, const QByteArray &current,
                               const QByteArray &wanted)
    {
        return m_rig->await<OpenSession>([&](Done<OpenSession> done) {
            m_rig->logins.changePassword(caller, {Secret(current), {}}, Secret(wanted),
                                         std::move(done));
        });
    }
    Result<void> stepUp(const Caller &caller, const Proof &proof)
    {
        return m_rig->await<void>(
            [&](Done<void> done) { m_rig->logins.stepUp(caller, proof, std::move(done)); });
    }
};

QTEST_GUILESS_MAIN(LoginServiceTest)
#include "tst_login_service.moc"
