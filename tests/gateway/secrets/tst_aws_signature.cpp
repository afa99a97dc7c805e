#include "gateway/secrets/aws_signature.h"

#include <QtTest>

#include <chrono>

using namespace delta;
using namespace delta::secrets;
using namespace std::chrono_literals;

class AwsSignatureTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // "Signature Version 4 signing process", the example that the documentation works out.
    void signsTheExampleOfTheDocumentation()
    {
        const AwsSigner signer{"AKIDEXAMPLE", Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
                               "us-east-1", "iam"};
        const AwsRequest request{
            .method = "GET",
            .path = "/",
            .query = "Action=ListUsers&Version=2010-05-08",
            .fields = {{"Host", "iam.amazonaws.com"},
                       {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
            .body = {}};
        const WallTime time = std::chrono::sys_days(std::chrono::August / 30 / 2015) + 12h + 36min;
        const auto fields = awsSignature(signer, request, time);
        QCOMPARE(fields.size(), 2U);
        QCOMPARE(fields[0].first, QByteArray("x-amz-date"));
        QCOMPARE(fields[0].second, QByteArray("20150830T123600Z"));
        QCOMPARE(fields[1].first, QByteArray("authorization"));
        QCOMPARE(fields[1].second,
                 QByteArray("AWS4-HMAC-SHA256 "
                            "Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
                            "SignedHeaders=content-type;host;x-amz-date, Signature="
                            "5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7"));
    }
};

QTEST_GUILESS_MAIN(AwsSignatureTest)
#include "tst_aws_signature.moc"
