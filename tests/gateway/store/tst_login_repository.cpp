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

const QByteArray firstMac(32, 'a');
const QByteArray secondMac(32, 'b');
const QByteArray seed("sealed \0 seed", 13);

NewPassword passwordOf(const QString &user, const QByteArray &hash = "$argon2id$1")
{
    return {user, hash, false, now};
}

} // namespace

class LoginRepositoryTest : public QObject
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

    void knowsNothingOfWhoNeverHadAPassword()
    {
        const auto login = m_tables->logins.find(u"nobody"_s);
        QVERIFY(login && !*login);
        QVERIFY(!m_tables->logins.disableMfa(u"nobody"_s).value());
        QVERIFY(!m_tables->logins.setPendingSeed(u"nobody"_s, seed).value());
        QVERIFY(!m_tables->logins.takeStep(u"nobody"_s, 1).value());
    }

    void readsBackEveryField()
    {
        LoginRepository &logins = m_tables->logins;
        const QString user = u"名前 'quoted' ?1"_s;
        QVERIFY(logins.putPassword({user, "$argon2id$1", true, now}));
        QVERIFY(logins.setPendingSeed(user, seed).value());
        QVERIFY(logins.noteLogin(user, now + 1s));
        LoginRow wanted{.userId = user,
                        .passwordHash = "$argon2id$1",
                        .mustChange = true,
                        .passwordAt = now,
                        .lastLoginAt = now + 1s,
                        .mfaSeed = {},
                        .mfaPendingSeed = seed,
                        .mfaEnabledAt = {},
                        .mfaLastStep = 0};
        QVERIFY(*logins.find(user).value() == wanted);
        QVERIFY(logins.enableMfa({user, seed, now + 2s, 77}).value());
        wanted.mfaSeed = seed;
        wanted.mfaPendingSeed.clear();
        wanted.mfaEnabledAt = now + 2s;
        wanted.mfaLastStep = 77;
        QVERIFY(*logins.find(user).value() == wanted);
    }

    void keepsTheSecondFactorWhenThePasswordChanges()
    {
        LoginRepository &logins = m_tables->logins;
        QVERIFY(logins.putPassword(passwordOf(u"u"_s)));
        QVERIFY(logins.setPendingSeed(u"u"_s, seed).value());
        QVERIFY(logins.enableMfa({u"u"_s, seed, now, 1}).value());
        QVERIFY(logins.putPassword(passwordOf(u"u"_s, "$argon2id$2")));
        const LoginRow login = *logins.find(u"u"_s).value();
        QCOMPARE(login.passwordHash, "$argon2id$2"_ba);
        QVERIFY(login.mfaEnabledAt && login.mfaSeed == seed);
    }

    void insertsAPasswordOnlyWhereThereWasNone()
    {
        QVERIFY(m_tables->logins.insertPassword(passwordOf(u"u"_s, "1")).value());
        QVERIFY(!m_tables->logins.insertPassword(passwordOf(u"u"_s, "2")).value());
        QCOMPARE((*m_tables->logins.find(u"u"_s).value()).passwordHash, "1"_ba);
    }

    void replacesAHashOnlyOfTheSamePassword()
    {
        LoginRepository &logins = m_tables->logins;
        QVERIFY(logins.putPassword(passwordOf(u"u"_s, "1")));
        const LoginRow read = *logins.find(u"u"_s).value();
        QVERIFY(logins.putPassword(passwordOf(u"u"_s, "2")));
        QVERIFY(!logins.replaceHash(read, "3").value());
        QCOMPARE((*logins.find(u"u"_s).value()).passwordHash, "2"_ba);
        QVERIFY(logins.replaceHash(*logins.find(u"u"_s).value(), "3").value());
        QCOMPARE((*logins.find(u"u"_s).value()).passwordHash, "3"_ba);
    }

    void provesOnlyTheSeedThatWaits()
    {
        LoginRepository &logins = m_tables->logins;
        QVERIFY(logins.putPassword(passwordOf(u"u"_s)));
        QVERIFY(logins.setPendingSeed(u"u"_s, "another").value());
        QVERIFY(!logins.enableMfa({u"u"_s, seed, now, 1}).value());
        QVERIFY(logins.setPendingSeed(u"u"_s, seed).value());
        QVERIFY(logins.enableMfa({u"u"_s, seed, now, 1}).value());
        // In force: nothing takes its place without ending it first.
        QVERIFY(!logins.setPendingSeed(u"u"_s, "another").value());
        QVERIFY(!logins.enableMfa({u"u"_s, seed, now, 1}).value());
        QVERIFY(logins.disableMfa(u"u"_s).value());
        QVERIFY(!logins.disableMfa(u"u"_s).value());
        QVERIFY((*logins.find(u"u"_s).value()).mfaSeed.isEmpty());
    }

    void takesNoStepTwiceAndNoneBeforeIt()
    {
        LoginRepository &logins = m_tables->logins;
        QVERIFY(logins.putPassword(passwordOf(u"u"_s)));
        QVERIFY(logins.takeStep(u"u"_s, 10).value());
        QVERIFY(!logins.takeStep(u"u"_s, 10).value());
        QVERIFY(!logins.takeStep(u"u"_s, 9).value());
        QVERIFY(logins.takeStep(u"u"_s, 11).value());
    }

    void takesEachRecoveryCodeOnce()
    {
        LoginRepository &logins = m_tables->logins;
        QVERIFY(logins.replaceRecoveryCodes(u"u"_s, {firstMac, secondMac}));
        QVERIFY(logins.replaceRecoveryCodes(u"v"_s, {firstMac}));
        QCOMPARE(logins.recoveryCodesLeft(u"u"_s).value(), 2);
        QVERIFY(logins.takeRecoveryCode(u"u"_s, firstMac, now).value());
        QVERIFY(!logins.takeRecoveryCode(u"u"_s, firstMac, now).value());
        QVERIFY(!logins.takeRecoveryCode(u"v"_s, secondMac, now).value());
        QCOMPARE(logins.recoveryCodesLeft(u"u"_s).value(), 1);
        QCOMPARE(logins.recoveryCodesLeft(u"v"_s).value(), 1);
        QVERIFY(logins.replaceRecoveryCodes(u"u"_s, {firstMac}));
        QVERIFY(!logins.takeRecoveryCode(u"u"_s, secondMac, now).value());
        QVERIFY(logins.takeRecoveryCode(u"u"_s, firstMac, now).value());
    }
};

QTEST_GUILESS_MAIN(LoginRepositoryTest)
#include "tst_login_repository.moc"
