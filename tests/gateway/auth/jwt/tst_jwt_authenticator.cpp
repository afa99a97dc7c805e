// labels: hostile
#include "gateway/auth/authenticator.h"
#include "gateway/auth/jwt/jwt_authenticator.h"
#include "gateway/auth/permissions.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

namespace {

/// An issuer's keys that a test changes.
class GivenKeys final : public KeySetSource
{
public:
    [[nodiscard]] std::shared_ptr<const KeySet> current() const override
    {
        return keys;
    }
    void askAnew() override
    {
        ++questions;
    }

    std::shared_ptr<const KeySet> keys;
    int questions = 0;
};

JwtSettings settingsWithModels()
{
    JwtSettings settings;
    settings.isEnabled = true;
    settings.rules = goodRules();
    settings.claims.models = u"models"_s;
    return settings;
}

} // namespace

class JwtAuthenticatorTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_clock.now = testNow;
        m_source.keys = std::make_shared<const KeySet>(keySetOf({m_key.jwk(u"k"_s)}));
        m_source.questions = 0;
    }

    void knowsTheHolderOfAToken()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        for (int time = 0; time < 2; ++time) { // The second time from memory.
            const auto principal = tokens.identify(token());
            QVERIFY(principal);
            QCOMPARE(principal->kind, PrincipalKind::Jwt);
            QCOMPARE(principal->keyId, "jwt:ada");
            QCOMPARE(principal->userId, "ada");
            QCOMPARE(principal->teamId, "research");
            QVERIFY(m_permissions.allows(*principal, "gpt-4o"));
            QVERIFY(!m_permissions.allows(*principal, "o3"));
            QVERIFY(!m_permissions.requireMaster(*principal));
        }
        QCOMPARE(m_source.questions, 0);
    }

    void endsAKnownTokenWithItsTime()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const QByteArray good = token();
        QVERIFY(tokens.identify(good));
        m_clock.now += std::chrono::seconds(300) + jwtLeeway - std::chrono::milliseconds(1);
        QVERIFY(tokens.identify(good));
        m_clock.now += std::chrono::milliseconds(1);
        const auto late = tokens.identify(good);
        QCOMPARE(late.error().status(), 401);
        QCOMPARE(late.error().codeText(), u"expired_token"_s);
    }

    void takesNoTokenForItsTwin()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const QByteArray good = token();
        QVERIFY(tokens.identify(good));
        QByteArray twin = good;
        twin[twin.size() - 5] = twin[twin.size() - 5] == 'A' ? 'B' : 'A';
        QVERIFY(!tokens.identify(twin));
        QVERIFY(!tokens.identify(good.chopped(1)));
        QVERIFY(!tokens.identify(good + 'A'));
        QVERIFY(tokens.identify(good));
    }

    void forgetsTokensOfKeysThatAreGone()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const QByteArray good = token();
        QVERIFY(tokens.identify(good));
        const SigningKey next(KeyKind::P256);
        m_source.keys = std::make_shared<const KeySet>(keySetOf({next.jwk(u"next"_s)}));
        QCOMPARE(tokens.identify(good).error().codeText(), u"invalid_token"_s);
        QCOMPARE(m_source.questions, 1);
    }

    void asksForKeysThatAreNew()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const SigningKey next(KeyKind::P256);
        const QByteArray early = next.token(headerFor(u"ES256"_s, u"next"_s), claims());
        QCOMPARE(tokens.identify(early).error().codeText(), u"invalid_token"_s);
        QCOMPARE(m_source.questions, 1);
        m_source.keys = std::make_shared<const KeySet>(
            keySetOf({m_key.jwk(u"k"_s), next.jwk(u"next"_s)}));
        QVERIFY(tokens.identify(early));
        QVERIFY(tokens.identify(token()));
        QCOMPARE(m_source.questions, 1);
    }

    void asksNothingForTokensThatAreJustWrong()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const SigningKey other(KeyKind::P256);
        QVERIFY(!tokens.identify(other.token(headerFor(u"ES256"_s, u"k"_s), claims())));
        QVERIFY(!tokens.identify("a.b.c"));
        QVERIFY(!tokens.identify(QByteArray(100'000, '.')));
        QCOMPARE(m_source.questions, 0);
    }

    void blamesNobodyWhileThereAreNoKeys()
    {
        m_source.keys = nullptr;
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const auto principal = tokens.identify(token());
        QCOMPARE(principal.error().status(), 503);
        QCOMPARE(principal.error().codeText(), u"identity_unavailable"_s);
    }

    void givesNothingAwayOfAToken()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const SigningKey other(KeyKind::P256);
        for (const QByteArray &bad :
             {other.token(headerFor(u"ES256"_s, u"k"_s), claims()),
              other.token(headerFor(u"ES256"_s, u"marker"_s), claims()),
              m_key.token(headerFor(u"ES256"_s, u"k"_s), with(claims(), {{u"iss"_s, u"marker"_s}})),
              m_key.token(headerFor(u"ES256"_s, u"k"_s), with(claims(), {{u"aud"_s, u"marker"_s}})),
              m_key.token(headerFor(u"ES256"_s, u"k"_s),
                          with(claims(), {{u"team_id"_s, u"marker\n"_s}}))}) {
            const ApiError error = tokens.identify(bad).error();
            QCOMPARE(error.status(), 401);
            for (const QString &text : {error.message, error.detail}) {
                QVERIFY2(!text.contains(u"marker"_s) && !text.contains(issuer)
                             && !text.contains(QString::fromLatin1(bad.first(20))),
                         qPrintable(text));
            }
        }
    }

    void standsBesideKeysAndTheMaster()
    {
        const JwtAuthenticator tokens({m_source, m_clock}, settingsWithModels());
        const Pepper pepper = fixedPepper();
        KeyDirectory keys;
        VirtualKey key;
        key.id = u"imported"_s;
        QVERIFY(keys.put(storedKey(pepper, "sk-imported.0123456789.abcdef", key)));
        const Authenticator authenticator({keys, pepper, m_clock, nullptr, &tokens},
                                          Secret("my.master.key"));
        const auto kindOf = [&authenticator](const QByteArray &credential) {
            const QByteArray field = "Bearer " + credential;
            ports::HttpRequest request;
            request.fields.emplace_back("authorization", field);
            return authenticator.identify(request).transform(
                [](const Principal &principal) { return principal.kind; });
        };
        QCOMPARE(kindOf(token()), PrincipalKind::Jwt);
        QCOMPARE(kindOf("my.master.key"), PrincipalKind::Master);
        QCOMPARE(kindOf("sk-imported.0123456789.abcdef"), PrincipalKind::Key);
        QCOMPARE(kindOf("my.master.kex").error().codeText(), u"invalid_token"_s);
        QCOMPARE(kindOf("sk-imported.0123456789.abcdex").error().codeText(), u"invalid_api_key"_s);
    }

    void isNothingWhereTokensAreNotAccepted()
    {
        const Pepper pepper = fixedPepper();
        const KeyDirectory keys;
        const Authenticator authenticator({keys, pepper, m_clock}, Secret());
        const QByteArray field = token();
        ports::HttpRequest request;
        request.fields.emplace_back("x-api-key", field);
        QCOMPARE(authenticator.identify(request).error().codeText(), u"invalid_api_key"_s);
    }

private:
    [[nodiscard]] static QJsonObject claims()
    {
        return with(goodClaims(),
                    {{u"team_id"_s, u"research"_s}, {u"models"_s, QJsonArray{u"gpt-4o"_s}}});
    }
    [[nodiscard]] QByteArray token() const
    {
        return m_key.token(headerFor(u"ES256"_s, u"k"_s), claims());
    }

    const SigningKey m_key{KeyKind::P256};
    const Permissions m_permissions{};
    StoppedClock m_clock;
    GivenKeys m_source;
};

QTEST_APPLESS_MAIN(JwtAuthenticatorTest)
#include "tst_jwt_authenticator.moc"
