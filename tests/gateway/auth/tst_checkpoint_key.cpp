#include "gateway/auth/checkpoint_key.h"
#include "tests/gateway/auth/auth_fakes.h"

#include <QtTest>

using namespace delta::auth;

class CheckpointKeyTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void signsWhatItsOwnKeyProves()
    {
        const CheckpointKey key(test::fixedPepper());
        const QByteArray signature = key.sign("the end");
        QCOMPARE(signature.size(), 64);
        QVERIFY(key.hasSigned("the end", signature));
        QVERIFY(!key.hasSigned("the end.", signature));
        QVERIFY(!key.hasSigned("the end", signature.first(63)));
        QVERIFY(!key.hasSigned("the end", {}));
        QByteArray forged = signature;
        forged[10] = static_cast<char>(forged[10] ^ 1);
        QVERIFY(!key.hasSigned("the end", forged));
    }

    void isTheSameForAllWhoShareThePepper()
    {
        const CheckpointKey one(test::fixedPepper());
        const CheckpointKey another(test::fixedPepper());
        QCOMPARE(one.publicPem(), another.publicPem());
        QVERIFY(another.hasSigned("the end", one.sign("the end")));
    }

    void isAnotherWithAnotherPepper()
    {
        const CheckpointKey one(test::fixedPepper());
        const CheckpointKey another(test::fixedPepper().derived("other"));
        QVERIFY(!another.hasSigned("the end", one.sign("the end")));
        QVERIFY(one.publicPem() != another.publicPem());
    }

    void showsItsPublicHalfOnly()
    {
        // A SubjectPublicKeyInfo of Ed25519 (RFC 8410) is 44 bytes: 60 letters of base64.
        const QByteArray pem = CheckpointKey(test::fixedPepper()).publicPem();
        QVERIFY(pem.startsWith("-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEA"));
        QCOMPARE(pem.split('\n').at(1).size(), 60);
    }
};

QTEST_GUILESS_MAIN(CheckpointKeyTest)
#include "tst_checkpoint_key.moc"
