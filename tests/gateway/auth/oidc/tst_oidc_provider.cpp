#include "gateway/auth/oidc/oidc_provider.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QJsonArray>
#include <QtTest>
#include <QUrl>
#include <QUrlQuery>

#include <functional>
#include <map>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::auth;
using namespace std::chrono_literals;

namespace {

const QByteArray base = "https://login.example.com";

QByteArray jsonText(const QJsonObject &object)
{
    return test::jsonOf(object);
}

} // namespace

/// The provider is a table of answers.
class OidcProviderTest final : public QObject
{
    Q_OBJECT

    using Response = std::expected<OidcProvider::Response, QString>;

    test::StoppedClock m_clock;
    test::SigningKey m_key{KeyKind::P256};
    std::map<QByteArray, std::function<Response(const OidcProvider::Request &)>> m_answers;
    QByteArrayList m_asked;
    std::unique_ptr<OidcProvider> m_provider;
    OidcAttempt m_attempt{u"state-1"_s, u"nonce-1"_s, u"verifier-1"_s};

    static std::function<Response(const OidcProvider::Request &)> answering(
        const QJsonObject &object, int status = 200)
    {
        return [object, status](const OidcProvider::Request &) {
            return OidcProvider::Response{status, jsonText(object)};
        };
    }
    void start(const std::function<void(OidcSettings &)> &change = [](OidcSettings &) { })
    {
        OidcSettings settings;
        settings.isEnabled = true;
        settings.issuer = QString::fromLatin1(base);
        settings.clientId = u"deltallm"_s;
        settings.clientSecret = Secret("a secret");
        settings.redirectUri = u"https://gateway.example.com/ui/api/auth/oidc/callback"_s;
        change(settings);
        m_provider = std::make_unique<OidcProvider>(
            settings,
            [this](const OidcProvider::Request &request) -> Response {
                m_asked.append(request.url);
                const auto answer = m_answers.find(request.url);
                return answer == m_answers.end() ? std::unexpected(u"nobody listens"_s)
                                                 : answer->second(request);
            },
            m_clock);
    }
    [[nodiscard]] QJsonObject claims(const QJsonObject &changes = {}) const
    {
        return test::with({{"iss"_L1, QString::fromLatin1(base)},
                           {"aud"_L1, u"deltallm"_s},
                           {"sub"_L1, u"7"_s},
                           {"nonce"_L1, u"nonce-1"_s},
                           {"email"_L1, u"ada@example.com"_s},
                           {"email_verified"_L1, true},
                           {"groups"_L1, QJsonArray{u"admins"_s}},
                           {"iat"_L1, test::nowSeconds - 5},
                           {"exp"_L1, test::nowSeconds + 300}},
                          changes);
    }
    void signWith(const test::SigningKey &key, const QJsonObject &said)
    {
        const QByteArray token = key.token(test::headerFor(u"ES256"_s, u"k1"_s), said);
        m_answers[base + "/token"] = answering(
            {{"id_token"_L1, QString::fromLatin1(token)}, {"access_token"_L1, u"access-1"_s}});
    }
    [[nodiscard]] qsizetype asked(const QByteArray &path) const
    {
        return m_asked.count(base + path);
    }

private Q_SLOTS:
    void init()
    {
        m_clock = {};
        m_answers.clear();
        m_asked.clear();
        m_answers[base + "/.well-known/openid-configuration"] = answering(
            {{"issuer"_L1, QString::fromLatin1(base)},
             {"authorization_endpoint"_L1, QString::fromLatin1(base + "/authorize")},
             {"token_endpoint"_L1, QString::fromLatin1(base + "/token")},
             {"userinfo_endpoint"_L1, QString::fromLatin1(base + "/me")},
             {"jwks_uri"_L1, QString::fromLatin1(base + "/keys")}});
        m_answers[base + "/keys"] = answering({{"keys"_L1, QJsonArray{m_key.jwk(u"k1"_s)}}});
        signWith(m_key, claims());
        start();
    }

    void sendsBrowsersThereWithAllThatALoginNeeds()
    {
        const auto url = m_provider->authorizeUrl(m_attempt);
        QVERIFY2(url, url ? "" : qPrintable(url.error().detail));
        const QUrlQuery query{QUrl(QString::fromLatin1(*url))};
        QVERIFY(url->startsWith(base + "/authorize?"));
        QCOMPARE(query.queryItemValue(u"response_type"_s), u"code"_s);
        QCOMPARE(query.queryItemValue(u"state"_s), u"state-1"_s);
        QCOMPARE(query.queryItemValue(u"nonce"_s), u"nonce-1"_s);
        QCOMPARE(query.queryItemValue(u"code_challenge_method"_s), u"S256"_s);
        QCOMPARE(query.queryItemValue(u"scope"_s, QUrl::FullyDecoded), u"openid email profile"_s);
        QVERIFY(!url->contains("verifier-1"));
    }

    void asksForWhatThePresetNeedsOrWhatIsConfigured()
    {
        const auto scope = [this](const QString &provider, const QString &configured) {
            start([&](OidcSettings &settings) {
                settings.provider = provider;
                settings.scope = configured;
            });
            const QByteArray url = m_provider->authorizeUrl(m_attempt).value();
            return QUrlQuery(QUrl(QString::fromLatin1(url)))
                .queryItemValue(u"scope"_s, QUrl::FullyDecoded);
        };
        QCOMPARE(scope(u"okta"_s, {}), u"openid email profile groups"_s);
        QCOMPARE(scope(u"okta"_s, u"openid"_s), u"openid"_s);
    }

    void asksWhereThingsAreOnceAnHour()
    {
        const QByteArray place = "/.well-known/openid-configuration";
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        m_clock.now += 59min;
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        QCOMPARE(asked(place), 1);
        m_clock.now += 1min;
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        QCOMPARE(asked(place), 2);
    }

    void remembersForAWhileThatTheProviderCannotBeAsked()
    {
        const QByteArray place = "/.well-known/openid-configuration";
        const auto kept = std::exchange(m_answers[base + place], answering({}, 503));
        const auto first = m_provider->authorizeUrl(m_attempt);
        QVERIFY(!first);
        QCOMPARE(first.error().code, u"identity_unavailable"_s);
        m_clock.now += 9s;
        const auto second = m_provider->authorizeUrl(m_attempt);
        QCOMPARE(second.error().detail, first.error().detail);
        QCOMPARE(asked(place), 1);
        m_answers[base + place] = kept;
        m_clock.now += 1s;
        QVERIFY(m_provider->authorizeUrl(m_attempt));
    }

    void goesOnWithWhatTheProviderSaidBefore_data()
    {
        QTest::addColumn<int>("status");
        QTest::newRow("nobody listens") << 0;
        QTest::newRow("it fails") << 500;
        QTest::newRow("it says something else") << 200;
    }
    void goesOnWithWhatTheProviderSaidBefore()
    {
        QFETCH(const int, status);
        const QByteArray place = "/.well-known/openid-configuration";
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        m_answers[base + place] = answering({}, status);
        if (status == 0) {
            m_answers.erase(base + place);
        }
        m_clock.now += 2h;
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        QVERIFY(m_provider->authorizeUrl(m_attempt));
        QCOMPARE(asked(place), 2);
    }

    void learnsWhoItWas()
    {
        const auto who = m_provider->redeem(u"code-1"_s, m_attempt);
        QVERIFY2(who, who ? "" : qPrintable(who.error().detail));
        QCOMPARE(who->issuer, QString::fromLatin1(base));
        QCOMPARE(who->subject, u"7"_s);
        QVERIFY(who->isEmailVerified);
        QCOMPARE(who->groups, QStringList{u"admins"_s});
        QCOMPARE(asked("/me"), 0);
    }

    void provesThatItBeganTheLogin()
    {
        QByteArray form;
        QByteArray authorization;
        const auto kept = m_answers[base + "/token"];
        m_answers[base + "/token"] = [&](const OidcProvider::Request &request) {
            form = request.body.reveal();
            for (const auto &[name, value] : request.fields) {
                authorization = name == "Authorization" ? value : authorization;
            }
            return kept(request);
        };
        QVERIFY(m_provider->redeem(u"code-1"_s, m_attempt));
        QVERIFY(form.contains("code_verifier=verifier-1"));
        QVERIFY(!form.contains("secret"));
        QCOMPARE(authorization, "Basic " + QByteArray("deltallm:a%20secret").toBase64());
    }

    void believesNoTokenThatIsNotForThisLogin_data()
    {
        QTest::addColumn<QJsonObject>("changes");
        QTest::newRow("another nonce") << QJsonObject{{"nonce"_L1, u"nonce-2"_s}};
        QTest::newRow("no nonce") << QJsonObject{{"nonce"_L1, QJsonValue()}};
        QTest::newRow("another audience") << QJsonObject{{"aud"_L1, u"other"_s}};
        QTest::newRow("two audiences")
            << QJsonObject{{"aud"_L1, QJsonArray{u"deltallm"_s, u"x"_s}}};
        QTest::newRow("another party") << QJsonObject{{"azp"_L1, u"other"_s}};
        QTest::newRow("another issuer") << QJsonObject{{"iss"_L1, u"https://evil.example.com"_s}};
        QTest::newRow("ended") << QJsonObject{{"exp"_L1, test::nowSeconds - 120}};
        QTest::newRow("old") << QJsonObject{{"iat"_L1, test::nowSeconds - 3600}};
        QTest::newRow("no subject") << QJsonObject{{"sub"_L1, QJsonValue()}};
    }
    void believesNoTokenThatIsNotForThisLogin()
    {
        QFETCH(const QJsonObject, changes);
        signWith(m_key, claims(changes));
        const auto who = m_provider->redeem(u"code-1"_s, m_attempt);
        QVERIFY(!who);
        QCOMPARE(who.error().code, u"sso_refused"_s);
    }

    void believesNoTokenThatAnotherSigned()
    {
        signWith(test::SigningKey(KeyKind::P256), claims());
        QCOMPARE(m_provider->redeem(u"code-1"_s, m_attempt).error().code, u"sso_refused"_s);
    }

    void fetchesTheKeysAnewForAKeyThatItDoesNotKnow()
    {
        QVERIFY(m_provider->redeem(u"code-1"_s, m_attempt));
        const test::SigningKey fresh(KeyKind::P256);
        m_answers[base + "/token"] = answering(
            {{"id_token"_L1,
              QString::fromLatin1(fresh.token(test::headerFor(u"ES256"_s, u"k2"_s), claims()))}});
        m_answers[base + "/keys"] = answering({{"keys"_L1, QJsonArray{fresh.jwk(u"k2"_s)}}});
        const auto who = m_provider->redeem(u"code-2"_s, m_attempt);
        QVERIFY2(who, who ? "" : qPrintable(who.error().detail));
        QCOMPARE(asked("/keys"), 2);
    }

    void asksForWhatTheTokenDoesNotSay()
    {
        QJsonObject said = claims();
        said.remove("groups"_L1);
        signWith(m_key, said);
        m_answers[base + "/me"] = answering(
            {{"sub"_L1, u"7"_s}, {"groups"_L1, QJsonArray{u"research"_s}}, {"email"_L1, u"x@y"_s}});
        const auto who = m_provider->redeem(u"code-1"_s, m_attempt);
        QVERIFY2(who, who ? "" : qPrintable(who.error().detail));
        QCOMPARE(who->groups, QStringList{u"research"_s});
        QCOMPARE(who->email, u"ada@example.com"_s);
        m_answers[base + "/me"] = answering({{"sub"_L1, u"8"_s}});
        QCOMPARE(m_provider->redeem(u"code-1"_s, m_attempt).error().code, u"sso_refused"_s);
    }

    void tellsARefusedCodeFromAProviderThatFails()
    {
        m_answers[base + "/token"] = answering({{"error"_L1, u"invalid_grant"_s}}, 400);
        const auto refused = m_provider->redeem(u"code-1"_s, m_attempt);
        QCOMPARE(refused.error().code, u"sso_refused"_s);
        QVERIFY(refused.error().detail.contains(u"invalid_grant"_s));
        m_answers[base + "/token"] = answering({}, 502);
        QCOMPARE(m_provider->redeem(u"code-1"_s, m_attempt).error().code,
                 u"identity_unavailable"_s);
    }
};

QTEST_GUILESS_MAIN(OidcProviderTest)
#include "tst_oidc_provider.moc"
