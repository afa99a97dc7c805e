// labels: hostile
#include "gateway/auth/jwt/jwt_verifier.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QMessageAuthenticationCode>
#include <QtTest>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(delta::auth::JwtFault)

class JwtVerifierTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void acceptsWhatTheIssuerSigned_data()
    {
        QTest::addColumn<QJsonObject>("header");
        QTest::addColumn<QJsonObject>("claims");
        const QJsonObject header = headerFor(u"RS256"_s, u"rsa"_s);
        const QJsonObject claims = goodClaims();
        const auto row = [](const char *name, const QJsonObject &head, const QJsonObject &body) {
            QTest::newRow(name) << head << body;
        };
        row("plain", header, claims);
        row("no type", without(header, "typ"_L1), claims);
        row("lower-case type", with(header, {{u"typ"_s, u"jwt"_s}}), claims);
        row("access token", with(header, {{u"typ"_s, u"at+jwt"_s}}), claims);
        row("media type", with(header, {{u"typ"_s, u"application/at+jwt"_s}}), claims);
        row("no key id", without(header, "kid"_L1), claims);
        row("keys elsewhere",
            with(header,
                 {{u"jku"_s, u"https://evil.example/keys"_s},
                  {u"x5u"_s, u"https://evil.example/cert"_s},
                  {u"jwk"_s, m_other.jwk(u"rsa"_s)},
                  {u"x5c"_s, QJsonArray{u"MIIB"_s}}}),
            claims);
        row("several audiences", header,
            with(claims, {{u"aud"_s, QJsonArray{u"other"_s, u"deltallm"_s}}}));
        row("a part of a second", header, with(claims, {{u"exp"_s, nowSeconds + 0.5}}));
        row("just over", header, with(claims, {{u"exp"_s, nowSeconds - 59}}));
        row("issuer's clock ahead", header,
            with(claims, {{u"iat"_s, nowSeconds + 60}, {u"nbf"_s, nowSeconds + 60}}));
        row("no time of issue", header, without(claims, "iat"_L1));
        row("last second of 9999", header, with(claims, {{u"exp"_s, qint64(253'402'300'799)}}));
    }

    void acceptsWhatTheIssuerSigned()
    {
        QFETCH(QJsonObject, header);
        QFETCH(QJsonObject, claims);
        const auto verified = verify(m_rsa.token(header, claims));
        QVERIFY(verified);
        QCOMPARE(verified->claims, claims);
        QCOMPARE(verified->expiresAt.time_since_epoch() / std::chrono::seconds(1),
                 qint64(claims["exp"_L1].toDouble()));
    }

    void refusesAHeader_data()
    {
        QTest::addColumn<QByteArray>("header");
        QTest::addColumn<JwtFault>("fault");
        const QJsonObject good = headerFor(u"RS256"_s, u"rsa"_s);
        const auto row = [](const char *name, const QByteArray &header, JwtFault fault) {
            QTest::newRow(name) << header << fault;
        };
        const auto changed = [&good](const QJsonObject &changes) {
            return jsonOf(with(good, changes));
        };
        row("no algorithm", jsonOf(without(good, "alg"_L1)), JwtFault::Malformed);
        row("algorithm twice", "{\"alg\":\"none\",\"alg\":\"RS256\",\"kid\":\"rsa\"}",
            JwtFault::Malformed);
        row("algorithm twice, good first", "{\"alg\":\"RS256\",\"alg\":\"none\",\"kid\":\"rsa\"}",
            JwtFault::Malformed);
        row("algorithm that is no text", changed({{u"alg"_s, 1}}), JwtFault::Malformed);
        row("list of algorithms", changed({{u"alg"_s, QJsonArray{u"RS256"_s}}}),
            JwtFault::Malformed);
        for (const char *name : {"none", "None", "NONE", "nOnE", "", "HS256", "HS384", "HS512",
                                 "rs256", "RS256 ", "ES256K", "RS1", "dir", "Ed448"}) {
            row(qPrintable(u"algorithm %1"_s.arg(QLatin1StringView(name))),
                changed({{u"alg"_s, QLatin1StringView(name)}}), JwtFault::Malformed);
        }
        row("another algorithm of the key", changed({{u"alg"_s, u"RS384"_s}}),
            JwtFault::WrongSignature);
        row("PSS for PKCS #1", changed({{u"alg"_s, u"PS256"_s}}), JwtFault::WrongSignature);
        row("algorithm of another kind of key", changed({{u"alg"_s, u"ES256"_s}}),
            JwtFault::UnknownKey);
        row("unknown key", changed({{u"kid"_s, u"new"_s}}), JwtFault::UnknownKey);
        row("key id of a key for another algorithm", changed({{u"kid"_s, u"rsa2"_s}}),
            JwtFault::UnknownKey);
        row("empty key id", changed({{u"kid"_s, QString()}}), JwtFault::UnknownKey);
        row("key id that is a path", changed({{u"kid"_s, u"../../../../dev/null"_s}}),
            JwtFault::UnknownKey);
        row("key id that is SQL", changed({{u"kid"_s, u"x' UNION SELECT 'secret'; --"_s}}),
            JwtFault::UnknownKey);
        row("key id with a NUL", changed({{u"kid"_s, u"rsa\0"_s}}), JwtFault::UnknownKey);
        row("key id that is no text", changed({{u"kid"_s, 1}}), JwtFault::Malformed);
        row("key id that is null", changed({{u"kid"_s, QJsonValue::Null}}), JwtFault::Malformed);
        row("long key id", changed({{u"kid"_s, QString(257, u'a')}}), JwtFault::Malformed);
        row("key id of a mebibyte", changed({{u"kid"_s, QString(1 << 20, u'a')}}),
            JwtFault::Malformed);
        row("critical", changed({{u"crit"_s, QJsonArray{u"exp"_s}}}), JwtFault::Malformed);
        row("nothing critical", changed({{u"crit"_s, QJsonArray()}}), JwtFault::Malformed);
        row("compressed", changed({{u"zip"_s, u"DEF"_s}}), JwtFault::Malformed);
        row("payload as it is", changed({{u"b64"_s, false}}), JwtFault::Malformed);
        row("encrypted", changed({{u"enc"_s, u"A128GCM"_s}}), JwtFault::Malformed);
        row("token in a token", changed({{u"cty"_s, u"JWT"_s}}), JwtFault::Malformed);
        row("logout token", changed({{u"typ"_s, u"logout+jwt"_s}}), JwtFault::Malformed);
        row("type that is no text", changed({{u"typ"_s, 1}}), JwtFault::Malformed);
        row("no object", "[]", JwtFault::Malformed);
        row("empty", "", JwtFault::Malformed);
        row("something behind", jsonOf(good) + "x", JwtFault::Malformed);
    }

    /// All of them are signed by the issuer, so nothing else is wrong with them.
    void refusesAHeader()
    {
        QFETCH(QByteArray, header);
        QFETCH(JwtFault, fault);
        const auto verified = verify(m_rsa.token(header, jsonOf(goodClaims()), u"RS256"));
        QVERIFY(!verified);
        QCOMPARE(verified.error(), fault);
    }

    void refusesClaims_data()
    {
        QTest::addColumn<QByteArray>("claims");
        QTest::addColumn<JwtFault>("fault");
        const QJsonObject good = goodClaims();
        const auto row = [](const char *name, const QByteArray &claims, JwtFault fault) {
            QTest::newRow(name) << claims << fault;
        };
        const auto changed = [&good](const QString &name, const QJsonValue &value) {
            return jsonOf(with(good, {{name, value}}));
        };
        row("no issuer", jsonOf(without(good, "iss"_L1)), JwtFault::WrongIssuer);
        row("another issuer", changed(u"iss"_s, u"https://evil.example/"_s), JwtFault::WrongIssuer);
        row("issuer without its slash", changed(u"iss"_s, issuer.chopped(1)),
            JwtFault::WrongIssuer);
        row("issuer with another slash", changed(u"iss"_s, QString(issuer + u'/')),
            JwtFault::WrongIssuer);
        row("issuer in capitals", changed(u"iss"_s, issuer.toUpper()), JwtFault::WrongIssuer);
        row("list of issuers", changed(u"iss"_s, QJsonArray{issuer}), JwtFault::WrongIssuer);
        row("no audience", jsonOf(without(good, "aud"_L1)), JwtFault::WrongAudience);
        row("another audience", changed(u"aud"_s, u"other"_s), JwtFault::WrongAudience);
        row("audience in capitals", changed(u"aud"_s, u"DELTALLM"_s), JwtFault::WrongAudience);
        row("more than the audience", changed(u"aud"_s, u"deltallm2"_s), JwtFault::WrongAudience);
        row("empty audience", changed(u"aud"_s, QString()), JwtFault::WrongAudience);
        row("audience null", changed(u"aud"_s, QJsonValue::Null), JwtFault::WrongAudience);
        row("no audience in a list", changed(u"aud"_s, QJsonArray()), JwtFault::WrongAudience);
        row("other audiences", changed(u"aud"_s, QJsonArray{u"a"_s, u"b"_s}),
            JwtFault::WrongAudience);
        row("audiences that are no texts", changed(u"aud"_s, QJsonArray{u"deltallm"_s, 1}),
            JwtFault::WrongAudience);
        row("audience in an object", changed(u"aud"_s, QJsonObject{{u"deltallm"_s, true}}),
            JwtFault::WrongAudience);
        row("no expiry", jsonOf(without(good, "exp"_L1)), JwtFault::BadTimes);
        row("expiry as a text", changed(u"exp"_s, QString::number(nowSeconds + 300)),
            JwtFault::BadTimes);
        row("expiry null", changed(u"exp"_s, QJsonValue::Null), JwtFault::BadTimes);
        row("negative expiry", changed(u"exp"_s, -1), JwtFault::BadTimes);
        row("huge expiry", changed(u"exp"_s, qint64(9'007'199'254'740'993)), JwtFault::BadTimes);
        row("expiry in milliseconds", changed(u"exp"_s, nowSeconds * 1000), JwtFault::BadTimes);
        row("expiry beyond numbers", "{\"exp\":1e999}", JwtFault::Malformed);
        row("expiry in 1970", changed(u"exp"_s, 0), JwtFault::Expired);
        row("expired", changed(u"exp"_s, nowSeconds - 60), JwtFault::Expired);
        row("not yet valid", changed(u"nbf"_s, nowSeconds + 61), JwtFault::NotYetValid);
        row("beginning as a text", changed(u"nbf"_s, u"now"_s), JwtFault::BadTimes);
        row("of the future", changed(u"iat"_s, nowSeconds + 61), JwtFault::NotYetValid);
        row("huge time of issue", changed(u"iat"_s, 1e300), JwtFault::BadTimes);
        row("a claim twice",
            jsonOf(good).chopped(1) + ",\"aud\":\"deltallm\",\"sub\":\"root\",\"sub\":\"root\"}",
            JwtFault::Malformed);
        row("no object", "\"sub\"", JwtFault::Malformed);
        row("empty", "", JwtFault::Malformed);
    }

    void refusesClaims()
    {
        QFETCH(QByteArray, claims);
        QFETCH(JwtFault, fault);
        const auto verified = verify(
            m_rsa.token(jsonOf(headerFor(u"RS256"_s, u"rsa"_s)), claims, u"RS256"));
        QVERIFY(!verified);
        QCOMPARE(verified.error(), fault);
    }

    void refusesAnotherForm_data()
    {
        QTest::addColumn<QByteArray>("token");
        const QByteArray good = goodToken();
        const qsizetype last = good.lastIndexOf('.');
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("two stops") << QByteArray("..");
        QTest::newRow("two parts") << good.first(last);
        QTest::newRow("four parts") << good + ".AA";
        QTest::newRow("five parts") << good + ".AA.AA";
        QTest::newRow("padded signature") << good + "==";
        QTest::newRow("blank in front") << ' ' + good;
        QTest::newRow("line break behind") << good + '\n';
        QTest::newRow("NUL behind") << good + '\0';
        QTest::newRow("padded header") << QByteArray(good).insert(good.indexOf('.'), '=');
        QTest::newRow("longer than 16 KiB")
            << m_rsa.token(headerFor(u"RS256"_s, u"rsa"_s),
                           with(goodClaims(), {{u"more"_s, QString(16 * 1024, u'a')}}));
        QTest::newRow("100 kB") << m_rsa.token(
            headerFor(u"RS256"_s, u"rsa"_s),
            with(goodClaims(), {{u"more"_s, QString(100'000, u'a')}}));
    }

    void refusesAnotherForm()
    {
        QFETCH(QByteArray, token);
        const auto verified = verify(token);
        QVERIFY(!verified);
        QCOMPARE(verified.error(), JwtFault::Malformed);
    }

    void takesATokenOfAllItsLength()
    {
        const QJsonObject header = headerFor(u"RS256"_s, u"rsa"_s);
        QVERIFY(
            verify(m_rsa.token(header, with(goodClaims(), {{u"more"_s, QString(11'500, u'a')}}))));
    }

    void refusesAPublicKeyUsedAsASharedSecret()
    {
        const QByteArray text = base64Url(jsonOf(headerFor(u"HS256"_s, u"rsa"_s))) + '.'
            + base64Url(jsonOf(goodClaims()));
        for (const QByteArray &secret :
             {jsonOf(m_rsa.jwk(u"rsa"_s)), m_rsa.jwk(u"rsa"_s)["n"_L1].toString().toLatin1(),
              QByteArray()}) {
            const QByteArray mac = QMessageAuthenticationCode::hash(text, secret,
                                                                    QCryptographicHash::Sha256);
            QCOMPARE(verify(text + '.' + base64Url(mac)).error(), JwtFault::Malformed);
        }
    }

    void refusesWhatAnotherKeySigned()
    {
        const QJsonObject header = headerFor(u"RS256"_s, u"rsa"_s);
        QCOMPARE(verify(m_other.token(header, goodClaims())).error(), JwtFault::WrongSignature);
        const QByteArray embedded = m_other.token(with(header, {{u"jwk"_s, m_other.jwk(u"rsa"_s)}}),
                                                  goodClaims());
        QCOMPARE(verify(embedded).error(), JwtFault::WrongSignature);
        // Without a name it may be a key that is new: the issuer is asked then.
        QCOMPARE(verify(m_other.token(without(header, "kid"_L1), goodClaims())).error(),
                 JwtFault::UnnamedKey);
    }

    void refusesATokenWithoutItsSignature()
    {
        const QByteArray good = goodToken();
        QCOMPARE(verify(good.first(good.lastIndexOf('.') + 1)).error(), JwtFault::WrongSignature);
    }

    void refusesASignatureOfAnotherToken()
    {
        const QByteArray good = goodToken();
        const QByteArray other = m_rsa.token(headerFor(u"RS256"_s, u"rsa"_s),
                                             with(goodClaims(), {{u"sub"_s, u"eve"_s}}));
        QCOMPARE(verify(good.first(good.lastIndexOf('.')) + other.sliced(other.lastIndexOf('.')))
                     .error(),
                 JwtFault::WrongSignature);
    }

    void takesOnlyTheAlgorithmsThatAreAllowed()
    {
        JwtRules rules = goodRules();
        rules.algorithms = {JwtAlgorithm::Es256, JwtAlgorithm::Rs512};
        QCOMPARE(verifyJwt(goodToken(), m_keys, rules, testNow).error(), JwtFault::Malformed);
        rules.algorithms.push_back(JwtAlgorithm::Rs256);
        QVERIFY(verifyJwt(goodToken(), m_keys, rules, testNow));
    }

    void takesEachAlgorithmWithItsKey_data()
    {
        QTest::addColumn<QString>("name");
        for (const JwtAlgorithmFacts &facts : jwtAlgorithms()) {
            QTest::newRow(facts.name.data()) << QString(facts.name);
        }
    }

    void takesEachAlgorithmWithItsKey()
    {
        QFETCH(QString, name);
        const SigningKey key(findJwtAlgorithm(name)->key);
        const KeySet keys = keySetOf({key.jwk(u"k"_s)});
        const QByteArray token = key.token(headerFor(name, u"k"_s), goodClaims());
        QVERIFY(verifyJwt(token, keys, goodRules(), testNow));
        QVERIFY(!verifyJwt(token, m_keys, goodRules(), testNow));
    }

private:
    [[nodiscard]] std::expected<VerifiedJwt, JwtFault> verify(const QByteArray &token) const
    {
        return verifyJwt(token, m_keys, goodRules(), testNow);
    }
    [[nodiscard]] QByteArray goodToken() const
    {
        return m_rsa.token(headerFor(u"RS256"_s, u"rsa"_s), goodClaims());
    }

    const SigningKey m_rsa{KeyKind::Rsa};
    const SigningKey m_other{KeyKind::Rsa};
    /// The second is for one algorithm, so that an RS256 token without a name can only mean the
    /// first.
    const KeySet m_keys = keySetOf(
        {m_rsa.jwk(u"rsa"_s),
         with(SigningKey(KeyKind::Rsa).jwk(u"rsa2"_s), {{u"alg"_s, u"RS384"_s}}),
         SigningKey(KeyKind::P256).jwk(u"ec"_s)});
};

QTEST_APPLESS_MAIN(JwtVerifierTest)
#include "tst_jwt_verifier.moc"
