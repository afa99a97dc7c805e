// labels: unit hostile
#include "gateway/openai/provider_error.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using openai::cleanMessage;
using openai::providerError;
using openai::readRetryAfter;

class ProviderErrorTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsStatusClassAndMessage_data();
    void keepsStatusClassAndMessage();
    void saysNothingOfARefusedCredential();
    void readsTheShapesThatProvidersUse_data();
    void readsTheShapesThatProvidersUse();
    void cleansWhatMustNotLeave_data();
    void cleansWhatMustNotLeave();
    void quotesNoBodyForTheLog();
    void keepsTheCodeThatClientsGoBy();
    void hidesTextsThatNoPatternKnows();
    void cutsLongMessages();
    void readsRetryAfter();
};

void ProviderErrorTest::keepsStatusClassAndMessage_data()
{
    QTest::addColumn<int>("provider");
    QTest::addColumn<int>("client");
    QTest::addColumn<QString>("code");
    QTest::newRow("400") << 400 << 400 << u"upstream_rejected"_s;
    QTest::newRow("404") << 404 << 404 << u"upstream_rejected"_s;
    QTest::newRow("413") << 413 << 413 << u"upstream_rejected"_s;
    QTest::newRow("422") << 422 << 422 << u"upstream_rejected"_s;
    QTest::newRow("401") << 401 << 502 << u"upstream_auth"_s;
    QTest::newRow("403") << 403 << 502 << u"upstream_auth"_s;
    QTest::newRow("429") << 429 << 429 << u"upstream_rate_limited"_s;
    QTest::newRow("500") << 500 << 502 << u"upstream_failed"_s;
    QTest::newRow("503") << 503 << 502 << u"upstream_failed"_s;
    QTest::newRow("529") << 529 << 502 << u"upstream_failed"_s;
    QTest::newRow("302") << 302 << 502 << u"upstream_invalid_response"_s;
}

void ProviderErrorTest::keepsStatusClassAndMessage()
{
    QFETCH(int, provider);
    QFETCH(int, client);
    QFETCH(QString, code);
    const ApiError error = providerError(provider,
                                         R"({"error":{"message":"It broke","type":"t"}})");
    QCOMPARE(error.status(), client);
    QCOMPARE(error.codeText(), code);
    QCOMPARE(error.message == u"It broke"_s, code != u"upstream_auth"_s);
}

void ProviderErrorTest::saysNothingOfARefusedCredential()
{
    const ApiError error = providerError(
        401, R"({"error":{"message":"Incorrect API key provided: sk-abc***xyz"}})");
    QVERIFY(!error.message.contains(u"sk-"_s));
    QVERIFY(!error.message.contains(u"Incorrect"_s));
}

void ProviderErrorTest::readsTheShapesThatProvidersUse_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("message");
    QTest::newRow("object") << R"({"error":{"message":"m","param":"p","code":"c"}})"_ba << u"m"_s;
    QTest::newRow("string") << R"({"error":"m"})"_ba << u"m"_s;
    QTest::newRow("message") << R"({"message":"m"})"_ba << u"m"_s;
    QTest::newRow("detail") << R"({"detail":"m"})"_ba << u"m"_s;
    QTest::newRow("list") << R"([{"error":{"code":400,"message":"m","status":"INVALID"}}])"_ba
                          << u"m"_s;
    QTest::newRow("list of details")
        << R"({"detail":[{"loc":["body"],"msg":"m","input":"x"}]})"_ba << u"m"_s;
    QTest::newRow("message with details")
        << R"({"object":"error","message":{"detail":[{"type":"extra_forbidden","msg":"m"}]}})"_ba
        << u"m"_s;
    QTest::newRow("endless nesting")
        << "[[[[[[[[[[\"m\"]]]]]]]]]]"_ba << u"The provider answered with HTTP status 400."_s;
    QTest::newRow("html") << "<html>Bad Gateway</html>"_ba
                          << u"The provider answered with HTTP status 400."_s;
    QTest::newRow("nothing") << ""_ba << u"The provider answered with HTTP status 400."_s;
}

void ProviderErrorTest::readsTheShapesThatProvidersUse()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, message);
    QCOMPARE(providerError(400, body).message, message);
}

void ProviderErrorTest::cleansWhatMustNotLeave_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QString>("clean");
    QTest::newRow("key") << "bad key sk-proj-abcdefgh12345678 given"_ba
                         << u"bad key [redacted] given"_s;
    QTest::newRow("google key") << "key AIzaSyA1234567890abcdef"_ba << u"key [redacted]"_s;
    QTest::newRow("bearer") << "sent Bearer abc.def.ghi"_ba << u"sent [redacted]"_s;
    QTest::newRow("url") << "see https://10.1.2.3:8443/v1/x?key=1 now"_ba << u"see [address] now"_s;
    QTest::newRow("address") << "dial tcp 192.168.7.9:443 failed"_ba
                             << u"dial tcp [address] failed"_s;
    QTest::newRow("host and port") << "Cannot connect to host vllm.corp:8000 ssl:default"_ba
                                   << u"Cannot connect to host [address] ssl:default"_s;
    QTest::newRow("IPv6") << "dial 2001:db8::1 and fe80:1:2:3:4:5:6:7 failed"_ba
                          << u"dial [address] and [address] failed"_s;
    QTest::newRow("a time") << "at 10:15:30 in std::string"_ba << u"at 10:15:30 in std::string"_s;
    QTest::newRow("names of tools")
        << "'task_manager_v2' and risk_assessment and sk_learn_tool need api-version"_ba
        << u"'task_manager_v2' and risk_assessment and sk_learn_tool need api-version"_s;
    QTest::newRow("control") << QByteArray("a\x1b[31mb\r\nc") << u"a [31mb  c"_s;
    QTest::newRow("plain") << "The model is overloaded."_ba << u"The model is overloaded."_s;
}

void ProviderErrorTest::cleansWhatMustNotLeave()
{
    QFETCH(QByteArray, text);
    QFETCH(QString, clean);
    QCOMPARE(cleanMessage(text), clean);
}

void ProviderErrorTest::quotesNoBodyForTheLog()
{
    for (const int status : {400, 401, 422, 429, 500}) {
        const ApiError error = providerError(status,
                                             R"({"detail":[{"msg":"bad","input":"the prompt"}]})");
        QVERIFY(!error.detail.contains(u"prompt"_s));
        QVERIFY(error.detail.contains(QString::number(status)));
    }
}

void ProviderErrorTest::keepsTheCodeThatClientsGoBy()
{
    const ApiError error = providerError(
        429, R"({"error":{"message":"You exceeded your quota","code":"insufficient_quota"}})");
    QCOMPARE(error.status(), 429);
    QCOMPARE(error.codeText(), u"insufficient_quota"_s);
}

void ProviderErrorTest::hidesTextsThatNoPatternKnows()
{
    ApiError error = providerError(
        400, R"({"error":{"message":"0123456789abcdef0123456789abcdef at models.corp is cut"}})");
    openai::hideTexts(error, {"0123456789abcdef0123456789abcdef", "models.corp", "cut"});
    QCOMPARE(error.message, u"[redacted] at [redacted] is cut"_s);
}

void ProviderErrorTest::cutsLongMessages()
{
    QCOMPARE(cleanMessage(QByteArray(5000, 'x')).size(), 513);
}

void ProviderErrorTest::readsRetryAfter()
{
    using std::chrono::seconds;
    const QByteArray now = "Sun, 06 Nov 1994 08:49:37 GMT";
    QCOMPARE(readRetryAfter("7", now), seconds(7));
    QCOMPARE(readRetryAfter("7", ""), seconds(7));
    QCOMPARE(readRetryAfter("1000000000", now), seconds(86'400));
    QCOMPARE(readRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", now), seconds(30));
    QCOMPARE(readRetryAfter(" Mon, 07 Nov 1994 08:49:36 GMT ", now), seconds(86'399));
    QCOMPARE(readRetryAfter("Fri, 31 Dec 1999 23:59:59 GMT", now), seconds(86'400));
    QCOMPARE(readRetryAfter(now, "Fri, 31 Dec 1999 23:59:59 GMT"), seconds(0));
    QVERIFY(!readRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", ""));
    QVERIFY(!readRetryAfter("Sun, 06 Nov 1994 08:50:07 GMT", "yesterday"));
    QVERIFY(!readRetryAfter("Sun, 06 Nov 1994 08:50:07 +01", now));
    QVERIFY(!readRetryAfter("Sun, 36 Nov 1994 08:50:07 GMT", now));
    QVERIFY(!readRetryAfter(QByteArray(100'000, '9'), now));
    QVERIFY(!readRetryAfter("-1", now));
    QVERIFY(!readRetryAfter("", now));
}

QTEST_APPLESS_MAIN(ProviderErrorTest)
#include "tst_provider_error.moc"
