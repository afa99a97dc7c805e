#include "gateway/identity/secrets.h"

#include <QSet>
#include <QTest>

#include <array>
#include <cstddef>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::identity;

namespace {

auth::Pepper pepperOf(std::byte byte)
{
    std::array<std::byte, 32> bytes{};
    bytes.fill(byte);
    return auth::Pepper(bytes);
}

} // namespace

class SecretsTest : public QObject
{
    Q_OBJECT

    const auth::Pepper m_pepper = pepperOf(std::byte{1});
    SystemRandom m_random;

private Q_SLOTS:
    void makesTokensOf256Bits()
    {
        QSet<QByteArray> seen;
        for (int i = 0; i < 100; ++i) {
            const Secret token = makeToken(m_random);
            QVERIFY(looksLikeToken(token.reveal()));
            seen.insert(token.reveal());
        }
        QCOMPARE(seen.size(), 100);
        for (const QByteArray &text :
             {""_ba, QByteArray(42, 'a'), QByteArray(44, 'a'), QByteArray(42, 'a') + '-'}) {
            QVERIFY(!looksLikeToken(text));
        }
    }

    void knowsASecretByItsPurposeAndPepperOnly()
    {
        const QByteArray mac = macFor("session", "x", m_pepper);
        QCOMPARE(mac.size(), 32);
        QCOMPARE(macFor("session", "x", m_pepper), mac);
        QVERIFY(macFor("reset", "x", m_pepper) != mac);
        QVERIFY(macFor("session", "y", m_pepper) != mac);
        QVERIFY(macFor("session", "x", pepperOf(std::byte{2})) != mac);
        QVERIFY(csrfTokenOf(mac, m_pepper) != csrfTokenOf(QByteArray(32, 'x'), m_pepper));
        QCOMPARE(csrfTokenOf(mac, m_pepper).size(), 43);
    }

    void comparesTextsWhole()
    {
        QVERIFY(isSameText("", ""));
        QVERIFY(isSameText("abc", "abc"));
        QVERIFY(!isSameText("abc", "abd"));
        QVERIFY(!isSameText("abc", "ab"));
        QVERIFY(!isSameText("", "a"));
    }

    void makesRecoveryCodesThatPeopleCanType()
    {
        QSet<QByteArray> seen;
        for (const Secret &code : makeRecoveryCodes(m_random)) {
            QCOMPARE(code.reveal().size(), 11);
            QCOMPARE(code.reveal()[5], '-');
            for (const char c : {'i', 'l', 'o', 'u'}) {
                QVERIFY(!code.reveal().contains(c));
            }
            seen.insert(code.reveal());
        }
        QCOMPARE(seen.size(), recoveryCodeCount);
    }

    void readsRecoveryCodesAsTheyAreTyped()
    {
        const QByteArray mac = recoveryMac(u"u"_s, "0a1b2-c3d4e", m_pepper);
        QCOMPARE(recoveryMac(u"u"_s, " OAlB2 c3d4e ", m_pepper), mac);
        QVERIFY(recoveryMac(u"u"_s, "0a1b2-c3d4f", m_pepper) != mac);
        QVERIFY(recoveryMac(u"v"_s, "0a1b2-c3d4e", m_pepper) != mac);
    }
};

QTEST_APPLESS_MAIN(SecretsTest)
#include "tst_secrets.moc"
