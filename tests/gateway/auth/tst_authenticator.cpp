#include "gateway/auth/authenticator.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(ErrorKind)

namespace {

constexpr QByteArrayView masterText = "sk-master-1234";
constexpr QByteArrayView importedText = "sk-imported-0123456789abcdef";

using Headers = QList<QPair<QByteArray, QByteArray>>;

/// Builds a request whose views point into `headers`.
ports::HttpRequest requestWith(const Headers &headers)
{
    ports::HttpRequest request;
    for (const auto &[name, value] : headers) {
        request.fields.emplace_back(name, value);
    }
    return request;
}

} // namespace

class AuthenticatorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        test::CountingRandom random;
        m_issued = issueKey(random);
        VirtualKey key;
        key.id = QString::fromLatin1(m_issued.id);
        key.userId = u"ada"_s;
        key.teamId = u"research"_s;
        QVERIFY(m_keys.put(test::storedKey(m_pepper, m_issued.text.reveal(), key)));
        VirtualKey imported;
        imported.id = u"imported"_s;
        QVERIFY(m_keys.put(test::storedKey(m_pepper, importedText, imported)));
    }

    void identifiesTheHolderOfAnIssuedKey()
    {
        const auto principal = identify({{"Authorization", "Bearer " + m_issued.text.reveal()}});
        QVERIFY(principal);
        QCOMPARE(principal->kind, PrincipalKind::Key);
        QCOMPARE(principal->keyId, m_issued.id);
        QCOMPARE(principal->userId, "ada");
        QCOMPARE(principal->teamId, "research");
        QCOMPARE(principal->key->userId, "ada");
    }

    void identifiesTheMaster()
    {
        const auto principal = identify({{"Authorization", "Bearer " + masterText.toByteArray()}});
        QVERIFY(principal);
        QCOMPARE(principal->kind, PrincipalKind::Master);
        QCOMPARE(principal->keyId, "master");
        QVERIFY(principal->userId.isEmpty());
        QVERIFY(!principal->key);
    }

    void takesMasterKeysOfAnyForm_data()
    {
        QTest::addColumn<QByteArray>("master");
        QTest::newRow("short") << QByteArray("sk-1234");
        QTest::newRow("without prefix") << QByteArray("correct horse battery staple");
        QTest::newRow("like an imported key") << QByteArray("sk-0123456789abcdefghijkl");
        QTest::newRow("like a misspelt issued key") << m_misspelt;
    }

    void takesMasterKeysOfAnyForm()
    {
        QFETCH(QByteArray, master);
        const Authenticator authenticator({m_keys, m_pepper, m_clock}, Secret(master));
        const Headers headers{{"x-api-key", master}};
        QVERIFY(authenticator.identify(requestWith(headers)));
        const Headers others{{"x-api-key", master + 'x'}};
        QVERIFY(!authenticator.identify(requestWith(others)));
    }

    void knowsAMasterKeyByItsMacAlone()
    {
        test::CountingRandom random;
        (void)issueKey(random);
        const IssuedKey master = issueKey(random);
        const Authenticator authenticator({m_keys, m_pepper, m_clock},
                                          m_pepper.mac(master.text.reveal()));
        const Headers headers{{"x-api-key", master.text.reveal()}};
        const auto principal = authenticator.identify(requestWith(headers));
        QVERIFY(principal);
        QCOMPARE(principal->kind, PrincipalKind::Master);
        const Headers others{{"x-api-key", masterText.toByteArray()}};
        QVERIFY(!authenticator.identify(requestWith(others)));
    }

    void hasNoMasterWithoutAMasterKey()
    {
        const Authenticator authenticator({m_keys, m_pepper, m_clock}, Secret());
        const Headers headers{{"x-api-key", masterText.toByteArray()}};
        QCOMPARE(authenticator.identify(requestWith(headers)).error().kind,
                 ErrorKind::InvalidApiKey);
    }

    void findsTheCredential_data()
    {
        QTest::addColumn<Headers>("headers");
        const QByteArray good = importedText.toByteArray();
        const QByteArray bad = "sk-unknown-0123456789abcdef";
        QTest::newRow("bearer") << Headers{{"Authorization", "Bearer " + good}};
        QTest::newRow("lower-case scheme") << Headers{{"authorization", "bearer " + good}};
        QTest::newRow("upper-case scheme") << Headers{{"AUTHORIZATION", "BEARER " + good}};
        QTest::newRow("more space") << Headers{{"Authorization", "Bearer \t " + good}};
        QTest::newRow("x-api-key") << Headers{{"X-Api-Key", good}};
        QTest::newRow("api-key") << Headers{{"api-key", good}};
        QTest::newRow("bearer before others")
            << Headers{{"api-key", bad}, {"x-api-key", bad}, {"Authorization", "Bearer " + good}};
        QTest::newRow("x-api-key before api-key") << Headers{{"api-key", bad}, {"x-api-key", good}};
        QTest::newRow("empty fields are absent")
            << Headers{{"Authorization", ""}, {"x-api-key", " "}, {"api-key", good}};
        QTest::newRow("the same key twice")
            << Headers{{"x-api-key", good}, {"Authorization", "Bearer " + good}};
    }

    void findsTheCredential()
    {
        QFETCH(Headers, headers);
        const auto principal = identify(headers);
        QVERIFY(principal);
        QCOMPARE(principal->keyId, "imported");
    }

    void refuses_data()
    {
        QTest::addColumn<Headers>("headers");
        QTest::addColumn<QString>("hint");
        const QString missing = u"No API key"_s;
        const QString unknown = u"does not know"_s;
        const QString scheme = u"Bearer YOUR_KEY"_s;
        const QByteArray good = importedText.toByteArray();
        QTest::newRow("no header") << Headers{} << missing;
        QTest::newRow("unrelated headers")
            << Headers{{"x-master-key", masterText.toByteArray()}} << missing;
        QTest::newRow("bearer without key") << Headers{{"Authorization", "Bearer"}} << missing;
        QTest::newRow("bearer with space") << Headers{{"Authorization", "Bearer  "}} << missing;
        QTest::newRow("bearer without key, and another key")
            << Headers{{"Authorization", "Bearer"}, {"x-api-key", good}} << missing;
        QTest::newRow("empty key fields") << Headers{{"x-api-key", ""}, {"api-key", ""}} << missing;
        QTest::newRow("basic") << Headers{{"Authorization", "Basic c2s6"}} << scheme;
        QTest::newRow("basic, and a key")
            << Headers{{"Authorization", "Basic c2s6"}, {"x-api-key", good}} << scheme;
        QTest::newRow("key without scheme") << Headers{{"Authorization", good}} << scheme;
        QTest::newRow("no space after the scheme")
            << Headers{{"Authorization", "Bearer" + good}} << scheme;
        QTest::newRow("unknown") << Headers{{"x-api-key", "sk-unknown-0123456789abcdef"}}
                                 << unknown;
        QTest::newRow("unknown bearer beside a good key")
            << Headers{{"Authorization", "Bearer sk-unknown-0123456789abcdef"}, {"x-api-key", good}}
            << unknown;
        QTest::newRow("misspelt") << Headers{{"x-api-key", m_misspelt}} << unknown;
        QTest::newRow("cut short") << Headers{{"x-api-key", good.chopped(1)}} << unknown;
        QTest::newRow("other case") << Headers{{"x-api-key", good.toUpper()}} << unknown;
        QTest::newRow("two keys in one") << Headers{{"x-api-key", good + ", " + good}} << unknown;
        QTest::newRow("too short") << Headers{{"x-api-key", "sk-1"}} << unknown;
        QTest::newRow("master cut short")
            << Headers{{"x-api-key", masterText.chopped(1).toByteArray()}} << unknown;
        QTest::newRow("huge") << Headers{{"x-api-key", "sk-" + QByteArray(60'000, 'x')}} << unknown;
        QTest::newRow("NUL after a good key") << Headers{{"x-api-key", good + '\0'}} << unknown;
    }

    void refuses()
    {
        QFETCH(Headers, headers);
        QFETCH(QString, hint);
        const auto principal = identify(headers);
        QVERIFY(!principal);
        QCOMPARE(principal.error().kind, ErrorKind::InvalidApiKey);
        QCOMPARE(principal.error().status(), 401);
        QVERIFY2(principal.error().message.contains(hint), qPrintable(principal.error().message));
    }

    void neverRepeatsTheCredential()
    {
        const auto principal = identify({{"Authorization", "Bearer sk-unknown-0123456789abcdef"}});
        QVERIFY(!principal.error().message.contains(u"sk-unknown"_s));
        QVERIFY(!principal.error().detail.contains(u"sk-unknown"_s));
    }

    void endsAKeyAtTheMomentOfItsExpiry_data()
    {
        QTest::addColumn<int>("msToExpiry");
        QTest::addColumn<bool>("isGood");
        QTest::newRow("before") << 1 << true;
        QTest::newRow("at") << 0 << false;
        QTest::newRow("after") << -1 << false;
    }

    void endsAKeyAtTheMomentOfItsExpiry()
    {
        QFETCH(int, msToExpiry);
        QFETCH(bool, isGood);
        VirtualKey key;
        key.id = u"expiring"_s;
        key.expiresAt = m_clock.now + std::chrono::milliseconds(msToExpiry);
        QVERIFY(m_keys.put(test::storedKey(m_pepper, "sk-expiring-0123456789", key)));
        const auto principal = identify({{"x-api-key", "sk-expiring-0123456789"}});
        QCOMPARE(principal.has_value(), isGood);
        if (!isGood) {
            QCOMPARE(principal.error().kind, ErrorKind::KeyExpired);
        }
    }

    void saysToTheHolderThatAKeyIsBlocked()
    {
        VirtualKey key;
        key.id = u"blocked0"_s;
        key.blocked = true;
        key.expiresAt = m_clock.now;
        QVERIFY(m_keys.put(test::storedKey(m_pepper, "sk-blocked-0123456789", key)));
        QCOMPARE(identify({{"x-api-key", "sk-blocked-0123456789"}}).error().kind,
                 ErrorKind::KeyBlocked);
        QCOMPARE(identify({{"x-api-key", "sk-blocked-012345678"}}).error().kind,
                 ErrorKind::InvalidApiKey);
    }

    void leavesToOthersWhatNothingHereCanKnow_data()
    {
        QTest::addColumn<QByteArray>("credential");
        QTest::addColumn<bool>("isForeign");
        QTest::newRow("a badge") << QByteArray("badge-of-ada") << true;
        QTest::newRow("like a token, where none are accepted") << QByteArray("a.b.c") << true;
        QTest::newRow("an issued key") << m_issued.text.reveal() << false;
        QTest::newRow("a misspelt key") << m_misspelt << false;
        QTest::newRow("an imported key") << importedText.toByteArray() << false;
        QTest::newRow("too short a key") << QByteArray("sk-1") << false;
        QTest::newRow("too long a key") << "sk-" + QByteArray(600, 'a') << false;
        QTest::newRow("the master key") << QByteArray("correct horse battery staple") << false;
    }

    void leavesToOthersWhatNothingHereCanKnow()
    {
        QFETCH(const QByteArray, credential);
        QFETCH(const bool, isForeign);
        const Authenticator authenticator({m_keys, m_pepper, m_clock},
                                          Secret("correct horse battery staple"));
        const Headers headers{{"Authorization", "Bearer " + credential}};
        const ports::HttpRequest request = requestWith(headers);
        QCOMPARE(authenticator.foreignCredential(request).has_value(), isForeign);
        QVERIFY(!authenticator.foreignCredential(requestWith({})));
    }

private:
    [[nodiscard]] Result<Principal> identify(const Headers &headers) const
    {
        const Authenticator authenticator({m_keys, m_pepper, m_clock},
                                          Secret(masterText.toByteArray()));
        return authenticator.identify(requestWith(headers));
    }

    const QByteArray m_misspelt =
        "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-000000";
    IssuedKey m_issued;
    KeyDirectory m_keys;
    Pepper m_pepper = test::fixedPepper();
    test::StoppedClock m_clock;
};

QTEST_GUILESS_MAIN(AuthenticatorTest)
#include "tst_authenticator.moc"
