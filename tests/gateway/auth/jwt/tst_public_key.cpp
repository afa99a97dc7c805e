#include "gateway/auth/jwt/base64_url.h"
#include "gateway/auth/jwt/public_key.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <openssl/err.h>
#include <QtTest>

using namespace delta::auth;
using namespace Qt::StringLiterals;
using delta::auth::test::SigningKey;

namespace {

QByteArray bytes(QByteArrayView text)
{
    return decodeBase64Url(text).value();
}

} // namespace

class PublicKeyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesTheSignatureOfRfc8037()
    {
        const auto key = PublicKey::ed25519(bytes("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"));
        QVERIFY(key);
        const QByteArray text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        const QByteArray signature = bytes(
            "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_"
            "MuM0KAg");
        QVERIFY(key->hasSigned(text, *findJwtAlgorithm(u"EdDSA"), signature));
        QVERIFY(!key->hasSigned(text + 'x', *findJwtAlgorithm(u"EdDSA"), signature));
    }

    void takesTheSignatureOfRfc7515()
    {
        const auto key = PublicKey::onCurve(KeyKind::P256,
                                            bytes("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
                                            bytes("x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"));
        QVERIFY(key);
        const QByteArray text = "eyJhbGciOiJFUzI1NiJ9."
                                "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcG"
                                "xlLmNvbS9pc19yb290Ijp0"
                                "cnVlfQ";
        const QByteArray signature = bytes(
            "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-"
            "Kg6NU1Q");
        QVERIFY(key->hasSigned(text, *findJwtAlgorithm(u"ES256"), signature));
        QVERIFY(!key->hasSigned(text + 'x', *findJwtAlgorithm(u"ES256"), signature));
    }

    void knowsWhatItsOwnerSigned_data()
    {
        QTest::addColumn<QString>("name");
        for (const JwtAlgorithmFacts &facts : jwtAlgorithms()) {
            QTest::newRow(facts.name.data()) << QString(facts.name);
        }
    }

    void knowsWhatItsOwnerSigned()
    {
        QFETCH(QString, name);
        const JwtAlgorithmFacts &algorithm = *findJwtAlgorithm(name);
        const SigningKey owner(algorithm.key);
        const KeySet keys = test::keySetOf({owner.jwk(u"a"_s)});
        const PublicKey *key = keys.find(u"a"_s, algorithm);
        QVERIFY(key);
        const QByteArray signature = owner.sign("text", algorithm);
        QVERIFY(key->hasSigned("text", algorithm, signature));
        QVERIFY(!key->hasSigned("texts", algorithm, signature));
        QVERIFY(
            !key->hasSigned("text", algorithm, SigningKey(algorithm.key).sign("text", algorithm)));
        QVERIFY(!key->hasSigned("text", algorithm, {}));
        QVERIFY(!key->hasSigned("text", algorithm, signature.chopped(1)));
        QVERIFY(!key->hasSigned("text", algorithm, signature + '\0'));
        QVERIFY(!key->hasSigned("text", algorithm, '\0' + signature));
        QVERIFY(!key->hasSigned("text", algorithm, QByteArray(signature.size(), '\0')));
        QVERIFY(!key->hasSigned("text", algorithm, QByteArray(signature.size(), '\xff')));
    }

    void takesASignatureForOneAlgorithmOnly()
    {
        const SigningKey owner(KeyKind::Rsa);
        const KeySet keys = test::keySetOf({owner.jwk(u"a"_s)});
        for (const JwtAlgorithmFacts &one : jwtAlgorithms()) {
            if (one.key != KeyKind::Rsa) {
                continue;
            }
            const PublicKey *key = keys.find(u"a"_s, one);
            for (const JwtAlgorithmFacts &other : jwtAlgorithms()) {
                QCOMPARE(key->hasSigned("text", other, owner.sign("text", one)),
                         other.algorithm == one.algorithm);
            }
        }
    }

    void leavesNoErrorsForOthersToRead()
    {
        const SigningKey owner(KeyKind::P256);
        const KeySet keys = test::keySetOf({owner.jwk(u"a"_s)});
        const JwtAlgorithmFacts &algorithm = *findJwtAlgorithm(u"ES256");
        QVERIFY(!keys.find(u"a"_s, algorithm)->hasSigned("text", algorithm, QByteArray(64, '\0')));
        QVERIFY(!PublicKey::onCurve(KeyKind::P256, QByteArray(32, 'a'), QByteArray(32, 'b')));
        QCOMPARE(ERR_peek_error(), 0UL);
    }

    void refusesWhatIsNoKey()
    {
        const QByteArray odd = QByteArray(255, '\xff') + '\x01';
        QVERIFY(PublicKey::rsa('\xff' + odd.sliced(1), bytes("AQAB")));
        QVERIFY(!PublicKey::rsa(QByteArray(128, '\xff'), bytes("AQAB"))); // 1024 bits.
        QVERIFY(!PublicKey::rsa('\x01' + odd.sliced(1), bytes("AQAB")));  // 2041 bits.
        QVERIFY(!PublicKey::rsa(QByteArray(1025, '\xff'), bytes("AQAB")));
        QVERIFY(!PublicKey::rsa(QByteArray(256, '\xfe'), bytes("AQAB"))); // Even.
        QVERIFY(!PublicKey::rsa(odd, QByteArray()));
        QVERIFY(!PublicKey::rsa(odd, "\x01"));
        QVERIFY(!PublicKey::rsa(odd, "\x02"));
        QVERIFY(!PublicKey::rsa(odd, QByteArray(5, '\x01')));
        QVERIFY(!PublicKey::onCurve(KeyKind::Rsa, {}, {}));
        QVERIFY(!PublicKey::onCurve(KeyKind::P256, QByteArray(32, '\0'), QByteArray(32, '\0')));
        QVERIFY(!PublicKey::onCurve(KeyKind::P256, QByteArray(31, 'a'), QByteArray(33, 'b')));
        QVERIFY(!PublicKey::ed25519(QByteArray(31, 'a')));
        QVERIFY(!PublicKey::ed25519(QByteArray(33, 'a')));
    }
};

QTEST_APPLESS_MAIN(PublicKeyTest)
#include "tst_public_key.moc"
