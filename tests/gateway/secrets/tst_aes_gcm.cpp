#include "gateway/secrets/aes_gcm.h"

#include <QtTest>

#include <cstring>
#include <span>

using namespace delta;
using namespace delta::secrets;

namespace {

/// Gives the bytes that it was made with.
class FixedRandom final : public Random
{
public:
    explicit FixedRandom(QByteArray bytes)
        : m_bytes(std::move(bytes))
    {
    }
    void fill(std::span<std::byte> target) override
    {
        QCOMPARE(static_cast<qsizetype>(target.size()), m_bytes.size());
        std::memcpy(target.data(), m_bytes.constData(), target.size());
    }

private:
    QByteArray m_bytes;
};

} // namespace

class AesGcmTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // From "The Galois/Counter Mode of Operation", appendix B, test cases 13, 14 and 16.
    void knowsTheVectorsOfTheStandard_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("nonce");
        QTest::addColumn<QByteArray>("bound");
        QTest::addColumn<QByteArray>("plain");
        QTest::addColumn<QByteArray>("encrypted");
        const QByteArray zeros(64, '0');
        QTest::newRow("nothing") << zeros << zeros.first(24) << QByteArray() << QByteArray()
                                 << QByteArray("530f8afbc74536b9a963b4f1c4cb738b");
        QTest::newRow("a block") << zeros << zeros.first(24) << QByteArray() << zeros.first(32)
                                 << QByteArray("cea7403d4d606b6e074ec5d3baf39d18"
                                               "d0d1c8a799996bf0265b98b5d48ab919");
        QTest::newRow("with bound bytes")
            << QByteArray("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308")
            << QByteArray("cafebabefacedbaddecaf888")
            << QByteArray("feedfacedeadbeeffeedfacedeadbeefabaddad2")
            << QByteArray("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
                          "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39")
            << QByteArray("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa"
                          "8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662"
                          "76fc6ece0f4e1768cddf8853bb2d551b");
    }

    void knowsTheVectorsOfTheStandard()
    {
        QFETCH(QByteArray, key);
        QFETCH(QByteArray, nonce);
        QFETCH(QByteArray, bound);
        QFETCH(QByteArray, plain);
        QFETCH(QByteArray, encrypted);
        const Secret secretKey(QByteArray::fromHex(key));
        const QByteArray boundBytes = QByteArray::fromHex(bound);
        FixedRandom random(QByteArray::fromHex(nonce));
        const auto made = gcmEncrypt(secretKey, Secret(QByteArray::fromHex(plain)), boundBytes,
                                     random);
        QVERIFY(made);
        QCOMPARE(made->toHex(), nonce + encrypted);
        const auto opened = gcmDecrypt(secretKey, *made, boundBytes);
        QVERIFY(opened);
        QCOMPARE(opened->reveal().toHex(), plain);
    }

    void takesNoKeyOfAnotherLength()
    {
        SystemRandom random;
        const Secret plain("text");
        QVERIFY(!gcmEncrypt(Secret(QByteArray(16, 'k')), plain, "", random));
        QVERIFY(!gcmEncrypt(Secret(QByteArray(33, 'k')), plain, "", random));
        QVERIFY(!gcmEncrypt(Secret(), plain, "", random));
        const auto made = gcmEncrypt(Secret(QByteArray(32, 'k')), plain, "", random);
        QVERIFY(made);
        QVERIFY(!gcmDecrypt(Secret(QByteArray(31, 'k')), *made, ""));
    }

    void takesNoTextThatIsTooLong()
    {
        SystemRandom random;
        const Secret key(QByteArray(32, 'k'));
        const Secret longest(QByteArray(gcmMaxBytes, 't'));
        const auto made = gcmEncrypt(key, longest, "", random);
        QVERIFY(made);
        const auto opened = gcmDecrypt(key, *made, "");
        QVERIFY(opened);
        QCOMPARE(opened->reveal(), longest.reveal());
        QVERIFY(!gcmEncrypt(key, Secret(QByteArray(gcmMaxBytes + 1, 't')), "", random));
    }
};

QTEST_GUILESS_MAIN(AesGcmTest)
#include "tst_aes_gcm.moc"
