#include "gateway/identity/totp.h"

#include <QTest>

#include <chrono>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;

namespace {

const Secret rfcSeed("12345678901234567890");

WallTime at(qint64 seconds)
{
    return WallTime(std::chrono::seconds(seconds));
}

} // namespace

class TotpTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// RFC 4226, appendix D.
    void computesTheVectorsOfHotp()
    {
        const QByteArrayList wanted{"755224", "287082", "359152", "969429", "338314",
                                    "254676", "287922", "162583", "399871", "520489"};
        for (qsizetype counter = 0; counter < wanted.size(); ++counter) {
            QCOMPARE(hotp(rfcSeed, counter), wanted[counter]);
        }
    }

    /// RFC 6238, appendix B: the last six of its eight digits.
    void computesTheVectorsOfTotp_data()
    {
        QTest::addColumn<qint64>("seconds");
        QTest::addColumn<QByteArray>("code");
        QTest::newRow("1970") << qint64(59) << "287082"_ba;
        QTest::newRow("2005") << qint64(1'111'111'109) << "081804"_ba;
        QTest::newRow("2005, next") << qint64(1'111'111'111) << "050471"_ba;
        QTest::newRow("2009") << qint64(1'234'567'890) << "005924"_ba;
        QTest::newRow("2033") << qint64(2'000'000'000) << "279037"_ba;
        QTest::newRow("2603") << qint64(20'000'000'000) << "353130"_ba;
    }
    void computesTheVectorsOfTotp()
    {
        QFETCH(const qint64, seconds);
        QFETCH(const QByteArray, code);
        QCOMPARE(hotp(rfcSeed, totpStep(at(seconds))), code);
        QCOMPARE(matchTotp(rfcSeed, code, at(seconds)), totpStep(at(seconds)));
    }

    void allowsForClocksThatDifferByAStep()
    {
        const qint64 step = totpStep(at(59));
        const QByteArray code = hotp(rfcSeed, step);
        QCOMPARE(matchTotp(rfcSeed, code, at(59 + 30)), step);
        QCOMPARE(matchTotp(rfcSeed, code, at(59 - 30)), step);
        QVERIFY(!matchTotp(rfcSeed, code, at(59 + 61)));
        QVERIFY(!matchTotp(rfcSeed, code, at(59 + 31)));
        QVERIFY(!matchTotp(rfcSeed, hotp(rfcSeed, 3), at(59)));
    }

    void matchesNothingToOtherTexts()
    {
        for (const QByteArray &code :
             {""_ba, "28708"_ba, "2870822"_ba, "287083"_ba, " 287082"_ba}) {
            QVERIFY(!matchTotp(rfcSeed, code, at(59)));
        }
        QVERIFY(!matchTotp(Secret("12345678901234567891"), "287082", at(59)));
    }

    /// RFC 4648, section 10.
    void writesBase32()
    {
        const QByteArrayList wanted{"", "MY", "MZXQ", "MZXW6", "MZXW6YQ", "MZXW6YTB", "MZXW6YTBOI"};
        const QByteArray text = "foobar";
        for (qsizetype length = 0; length <= text.size(); ++length) {
            QCOMPARE(base32(QByteArrayView(text).first(length)), wanted[length]);
        }
    }

    void writesAnAddressThatAppsRead()
    {
        QCOMPARE(otpauthUrl({u"Delta LLM"_s, u"a&b:c@example.com"_s}, rfcSeed),
                 u"otpauth://totp/Delta%20LLM:a%26b%3Ac%40example.com?secret="
                 u"GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Delta%20LLM&algorithm=SHA1&digits=6"
                 u"&period=30"_s);
    }
};

QTEST_APPLESS_MAIN(TotpTest)
#include "tst_totp.moc"
