// labels: hostile
#include "gateway/auth/jwt/key_set.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QtTest>

using namespace delta::auth;
using namespace delta::auth::test;
using namespace Qt::StringLiterals;

class KeySetTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsAKeyByItsIdAndKind()
    {
        const KeySet keys = keySetOf({m_rsa.jwk(u"a"_s), m_ec.jwk(u"a"_s), m_ed.jwk(u"b"_s)});
        QCOMPARE(keys.size(), 3);
        QCOMPARE(keys.find(u"a"_s, m_rs256)->kind(), KeyKind::Rsa);
        QCOMPARE(keys.find(u"a"_s, m_es256)->kind(), KeyKind::P256);
        QVERIFY(!keys.find(u"b"_s, m_rs256));
        QVERIFY(!keys.find(u"A"_s, m_rs256));
        QVERIFY(!keys.find(u"a"_s, *findJwtAlgorithm(u"ES384")));
    }

    void needsNoIdWhereOneKeyFits()
    {
        const KeySet keys = keySetOf({m_rsa.jwk(u"a"_s), m_ec.jwk(u"b"_s), m_ec2.jwk(u"c"_s)});
        QVERIFY(keys.find(std::nullopt, m_rs256));
        QVERIFY(!keys.find(std::nullopt, m_es256));
        const KeySet unnamed = keySetOf({without(m_rsa.jwk({}), "kid"_L1)});
        QVERIFY(unnamed.find(std::nullopt, m_rs256));
        QVERIFY(!unnamed.find(u"a"_s, m_rs256));
    }

    void usesAKeyForItsOwnAlgorithmOnly()
    {
        const KeySet keys = keySetOf({with(m_rsa.jwk(u"a"_s), {{u"alg"_s, u"RS512"_s}})});
        QVERIFY(keys.find(u"a"_s, *findJwtAlgorithm(u"RS512")));
        QVERIFY(!keys.find(u"a"_s, m_rs256));
        QVERIFY(!keys.find(u"a"_s, *findJwtAlgorithm(u"PS512")));
    }

    void leavesOutWhatItCannotUse_data()
    {
        QTest::addColumn<QJsonValue>("jwk");
        const QJsonObject rsa = m_rsa.jwk(u"bad"_s);
        const QJsonObject ec = m_ec.jwk(u"bad"_s);
        const auto row = [](const char *name, const QJsonValue &jwk) {
            QTest::newRow(name) << jwk;
        };
        row("no object", 1);
        row("no kind", without(rsa, "kty"_L1));
        row("unknown kind", with(rsa, {{u"kty"_s, u"ML-DSA"_s}}));
        row("shared secret",
            QJsonObject{{u"kty"_s, u"oct"_s}, {u"kid"_s, u"bad"_s}, {u"k"_s, u"c2VjcmV0"_s}});
        row("for encryption", with(rsa, {{u"use"_s, u"enc"_s}}));
        row("use that is no text", with(rsa, {{u"use"_s, 1}}));
        row("for signing only", with(rsa, {{u"key_ops"_s, QJsonArray{u"sign"_s}}}));
        row("algorithm of encryption", with(rsa, {{u"alg"_s, u"RSA-OAEP"_s}}));
        row("algorithm of a shared secret", with(rsa, {{u"alg"_s, u"HS256"_s}}));
        row("algorithm of another kind", with(rsa, {{u"alg"_s, u"ES256"_s}}));
        row("private", with(rsa, {{u"d"_s, u"AQAB"_s}}));
        row("id that is no text", with(rsa, {{u"kid"_s, 7}}));
        row("long id", with(rsa, {{u"kid"_s, QString(257, u'a')}}));
        row("weak", SigningKey(KeyKind::Rsa, 1024).jwk(u"bad"_s));
        row("padded modulus", with(rsa, {{u"n"_s, rsa["n"_L1].toString() + u'='}}));
        row("no exponent", without(rsa, "e"_L1));
        row("beside the curve", with(ec, {{u"x"_s, ec["y"_L1]}}));
        row("short coordinate", with(ec, {{u"x"_s, u"AQAB"_s}}));
        row("another curve", with(ec, {{u"crv"_s, u"P-384"_s}}));
        row("unknown curve", with(ec, {{u"crv"_s, u"secp256k1"_s}}));
        row("Ed448", with(m_ed.jwk(u"bad"_s), {{u"crv"_s, u"Ed448"_s}}));
    }

    void leavesOutWhatItCannotUse()
    {
        QFETCH(QJsonValue, jwk);
        const KeySet keys = keySetOf({m_ed.jwk(u"good"_s), jwk});
        QCOMPARE(keys.size(), 1);
        QVERIFY(keys.find(u"good"_s, *findJwtAlgorithm(u"EdDSA")));
        const auto alone = KeySet::parse(jwksOf({jwk}));
        QVERIFY(!alone);
    }

    void refusesADocumentAsAWhole_data()
    {
        QTest::addColumn<QByteArray>("document");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("page") << QByteArray("<html></html>");
        QTest::newRow("no keys") << QByteArray("{}");
        QTest::newRow("keys that are no list") << QByteArray("{\"keys\":{}}");
        QTest::newRow("no key") << jwksOf({});
        QTest::newRow("keys twice") << QByteArray("{\"keys\":[],\"keys\":[]}");
        QTest::newRow("an id twice") << jwksOf({m_ec.jwk(u"a"_s), m_ec2.jwk(u"a"_s)});
        QTest::newRow("large") << jwksOf({m_ed.jwk(u"a"_s)}) + QByteArray(256 * 1024, ' ');
        QJsonArray many;
        for (int index = 0; index < 101; ++index) {
            many.append(m_ed.jwk(QString::number(index)));
        }
        QTest::newRow("many keys") << jwksOf(many);
    }

    void refusesADocumentAsAWhole()
    {
        QFETCH(QByteArray, document);
        const auto keys = KeySet::parse(document);
        QVERIFY(!keys);
        QVERIFY(!keys.error().isEmpty());
    }

    void takesAHundredKeys()
    {
        QJsonArray many;
        for (int index = 0; index < 100; ++index) {
            many.append(m_ed.jwk(QString::number(index)));
        }
        QCOMPARE(keySetOf(many).size(), 100);
    }

private:
    const SigningKey m_rsa{KeyKind::Rsa};
    const SigningKey m_ec{KeyKind::P256};
    const SigningKey m_ec2{KeyKind::P256};
    const SigningKey m_ed{KeyKind::Ed25519};
    const JwtAlgorithmFacts &m_rs256 = *findJwtAlgorithm(u"RS256");
    const JwtAlgorithmFacts &m_es256 = *findJwtAlgorithm(u"ES256");
};

QTEST_APPLESS_MAIN(KeySetTest)
#include "tst_key_set.moc"
