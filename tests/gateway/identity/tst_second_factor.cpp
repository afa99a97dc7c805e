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

} // namespace

class SecondFactorTest : public QObject
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

    void asksForACodeOnceTheFirstWasRight()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession stolen = m_rig->session(u"ada"_s, password);
        const OpenSession own = m_rig->session(u"ada"_s, password);
        const auto offer = m_rig->logins.startMfa(m_rig->caller(own));
        QVERIFY(offer);
        QVERIFY(offer->url.reveal().contains("secret=" + offer->seed.reveal()));
        QVERIFY(m_rig->logIn(u"ada"_s, password).value().session); // Nothing is in force yet.
        QVERIFY(!m_rig->logins.confirmMfa(m_rig->caller(own), "000000"));
        const auto confirmed = m_rig->logins.confirmMfa(m_rig->caller(own), codeOf(pendingSeed()));
        QVERIFY(confirmed);
        QCOMPARE(confirmed->recoveryCodes.size(), 10U);
        QVERIFY(!m_rig->isGood(stolen) && !m_rig->isGood(own));
        QVERIFY(m_rig->isGood(confirmed->session));
        const auto missing = m_rig->logIn(u"ada"_s, password);
        QVERIFY(missing && !missing->session);
        const auto me = m_rig->logins.me(m_rig->caller(confirmed->session));
        QVERIFY(me && me->hasSecondFactor);
        QCOMPARE(me->recoveryCodesLeft, 10);
    }

    void takesNoCodeTwice()
    {
        const Secret seed = prepare();
        const QByteArray code = m_rig->codeNow(seed);
        QVERIFY(m_rig->logIn(u"ada"_s, password, code).value().session);
        const auto replayed = m_rig->logIn(u"ada"_s, password, code);
        QVERIFY(!replayed);
        QCOMPARE(replayed.error().codeText(), u"invalid_credentials"_s);
        m_rig->clock.now += 30s;
        QVERIFY(!m_rig->logIn(u"ada"_s, password, code));
        QVERIFY(m_rig->logIn(u"ada"_s, password, m_rig->codeNow(seed)).value().session);
    }

    void takesNoCodeWithAWrongPassword()
    {
        const Secret seed = prepare();
        const QByteArray code = m_rig->codeNow(seed);
        QVERIFY(!m_rig->logIn(u"ada"_s, "wrong horse battery", code));
        QVERIFY(m_rig->logIn(u"ada"_s, password, code).value().session); // It was not used up.
    }

    void takesEachRecoveryCodeOnce()
    {
        prepare();
        const auto codes = m_rig->factor.newRecoveryCodes(u"ada"_s).value();
        const QByteArray typed = codes[0].reveal().toUpper().replace('-', ' ');
        const auto outcome = m_rig->logIn(u"ada"_s, password, typed);
        QVERIFY(outcome && outcome->session);
        QCOMPARE(m_rig->logins.me(m_rig->caller(*outcome->session)).value().recoveryCodesLeft, 9);
        QVERIFY(!m_rig->logIn(u"ada"_s, password, codes[0].reveal()));
        QVERIFY(m_rig->logIn(u"ada"_s, password, codes[1].reveal()));
        const auto others = m_rig->logins.newRecoveryCodes(m_rig->caller(*outcome->session));
        QVERIFY(others && others->size() == 10);
        QVERIFY(!m_rig->logIn(u"ada"_s, password, codes[2].reveal()));
    }

    void slowsDownWhoGuessesCodes()
    {
        const Secret seed = prepare();
        int guesses = 0;
        for (int i = 0; i < 30; ++i) {
            const auto guess = m_rig->logIn(u"ada"_s, password, "000000");
            QVERIFY(!guess);
            guesses += guess.error().status() == 401 ? 1 : 0;
        }
        QCOMPARE(guesses, 4);
        m_rig->clock.now += 1min;
        QVERIFY(m_rig->logIn(u"ada"_s, password, m_rig->codeNow(seed)).value().session);
    }

    void letsOnlyWhoProvedItLatelyChangeIt()
    {
        m_rig->addUser(u"ada"_s, password);
        const OpenSession own = m_rig->session(u"ada"_s, password);
        m_rig->clock.now += 11min;
        const Caller caller = m_rig->caller(own);
        QCOMPARE(m_rig->logins.startMfa(caller).error().codeText(), u"step_up_required"_s);
        QCOMPARE(m_rig->logins.confirmMfa(caller, "1").error().codeText(), u"step_up_required"_s);
        QCOMPARE(m_rig->logins.disableMfa(caller).error().codeText(), u"step_up_required"_s);
        QCOMPARE(m_rig->logins.newRecoveryCodes(caller).error().codeText(), u"step_up_required"_s);
    }

    void provesAgainWithACodeAndNotThePassword()
    {
        const Secret seed = prepare();
        const auto outcome = m_rig->logIn(u"ada"_s, password, m_rig->codeNow(seed));
        m_rig->clock.now += 11min;
        const Caller caller = m_rig->caller(*outcome->session);
        const auto stepUp = [this, &caller](const Proof &proof) {
            return m_rig->await<void>(
                [&](Done<void> done) { m_rig->logins.stepUp(caller, proof, std::move(done)); });
        };
        QVERIFY(!stepUp({Secret(password), {}}));
        QVERIFY(stepUp({{}, m_rig->codeNow(seed)}));
        QVERIFY(m_rig->sessions.requireRecentProof(m_rig->caller(*outcome->session).session));
    }

    void isGoneOnceItIsTakenAway()
    {
        const Secret seed = prepare();
        const auto outcome = m_rig->logIn(u"ada"_s, password, m_rig->codeNow(seed));
        const auto codes = m_rig->factor.newRecoveryCodes(u"ada"_s).value();
        const auto disabled = m_rig->logins.disableMfa(m_rig->caller(*outcome->session));
        QVERIFY(disabled);
        QVERIFY(!m_rig->isGood(*outcome->session) && m_rig->isGood(*disabled));
        QVERIFY(!m_rig->logins.disableMfa(m_rig->caller(*disabled)));
        QVERIFY(!m_rig->logins.newRecoveryCodes(m_rig->caller(*disabled)));
        QVERIFY(m_rig->logIn(u"ada"_s, password).value().session);
        const Secret next = m_rig->addFactor(m_rig->caller(*disabled));
        QVERIFY(!m_rig->logIn(u"ada"_s, password, codes[0].reveal()));
        QVERIFY(m_rig->logIn(u"ada"_s, password, m_rig->codeNow(next)).value().session);
    }

    void isTakenAwayByAnAdministratorWithAllSessions()
    {
        const Secret seed = prepare();
        const auto outcome = m_rig->logIn(u"ada"_s, password, m_rig->codeNow(seed));
        QVERIFY(m_rig->accounts.removeMfa({u"ada"_s, {}}).value());
        QVERIFY(!m_rig->accounts.removeMfa({u"ada"_s, {}}).value());
        QVERIFY(!m_rig->isGood(*outcome->session));
        QVERIFY(m_rig->logIn(u"ada"_s, password).value().session);
    }

    void keepsSeedsSealedForTheirUser()
    {
        prepare();
        m_rig->addUser(u"eve"_s, password);
        const auto tables = m_rig->store.logins().value();
        store::LoginRow login = *tables->logins.find(u"ada"_s).value();
        QVERIFY(login.mfaSeed.startsWith("logins|ada|mfa_seed"));
        login.userId = u"eve"_s; // A row that somebody copied in the database.
        const auto taken = m_rig->factor.take(login, "000000");
        QVERIFY(!taken);
        QCOMPARE(taken.error().kind, ErrorKind::StoreUnavailable);
    }

    void refusesASecondOneAndWhoHasNoPassword()
    {
        prepare();
        QVERIFY(!m_rig->factor.start(m_rig->people[u"ada"_s]));
        QVERIFY(!m_rig->factor.start({u"sso"_s, u"sso@example.com"_s, {}, {}, false}));
        QVERIFY(!m_rig->factor.confirm(u"ada"_s, "000000"));
    }

private:
    /// Makes a user with a second factor.
    Secret prepare()
    {
        m_rig->addUser(u"ada"_s, password);
        return m_rig->addFactor(m_rig->caller(m_rig->session(u"ada"_s, password)));
    }
    Secret pendingSeed()
    {
        const auto login = *m_rig->store.logins().value()->logins.find(u"ada"_s).value();
        return m_rig->sealer.open(login.mfaPendingSeed, "logins|ada|mfa_seed").value();
    }
    QByteArray codeOf(const Secret &seed)
    {
        return m_rig->codeNow(seed);
    }
};

QTEST_GUILESS_MAIN(SecondFactorTest)
#include "tst_second_factor.moc"
