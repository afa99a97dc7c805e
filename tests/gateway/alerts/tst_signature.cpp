// labels: unit contract
#include "gateway/alerts/signature.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::alerts;

class SignatureTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // The expectation was computed with Python's hmac.
    void signsTheTimeAndTheBody()
    {
        const WallTime now(std::chrono::milliseconds(1'795'824'000'999));
        QCOMPARE(signatureOf("{\"event\":\"budget_alert\"}", Secret("whsec_test"_ba), now),
                 "t=1795824000,v1="
                 "25ff088f7ff8b2dcdbc620e4adb23c3c7206e8f3f2992621ef0822e1b6a467b7"_ba);
    }

    void dependsOnEachPart()
    {
        const WallTime now(std::chrono::milliseconds(1'795'824'000'000));
        const QByteArray one = signatureOf("body", Secret("a"_ba), now);
        QVERIFY(one != signatureOf("bodY", Secret("a"_ba), now));
        QVERIFY(one != signatureOf("body", Secret("b"_ba), now));
        QVERIFY(one.split('=').back()
                != signatureOf("body", Secret("a"_ba), now + std::chrono::seconds(1))
                       .split('=')
                       .back());
    }
};

QTEST_APPLESS_MAIN(SignatureTest)
#include "tst_signature.moc"
