// labels: unit hostile
#include "gateway/providers/openai_dialect.h"
#include "gateway/providers/stream_decoder.h"
#include "gateway/providers/whole_decoder.h"
#include "tests/gateway/providers/provider_samples.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::providers;
using delta::providers::test::chat;
using delta::providers::test::decode;
using delta::providers::test::head;
using delta::providers::test::parsed;

namespace {

constexpr qsizetype roomy = 1024;

ports::Endpoint endpoint()
{
    ports::Endpoint result;
    result.deployment.upstreamModel = u"up/stream-1"_s;
    result.origin = {ports::Scheme::Http, "provider.test", 8080, ports::PeerCheck::Verify};
    result.basePath = "/base/v1";
    result.apiKey = Secret("sk-secret");
    result.authHeaderName = "authorization";
    result.authHeaderFormat = "Bearer {api_key}";
    result.timeouts.total = std::chrono::seconds(1);
    result.streamTimeouts.total = std::chrono::seconds(2);
    return result;
}

QByteArray joined(const ports::UpstreamRequest &request)
{
    QByteArray body;
    for (const QByteArray &piece : request.body) {
        body += piece;
    }
    return body;
}

/// Returns all values of a field, joined by "|".
QByteArray fieldOf(const ports::UpstreamRequest &request, QByteArrayView name)
{
    QByteArrayList values;
    for (const auto &[fieldName, value] : request.fields) {
        if (fieldName.compare(name, Qt::CaseInsensitive) == 0) {
            values.append(value);
        }
    }
    return values.join('|');
}

} // namespace

class OpenAiDialectTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void addressesTheOperationBelowTheBasePath_data();
    void addressesTheOperationBelowTheBasePath();
    void writesTheHead_data();
    void writesTheHead();
    void sendsNoCredentialItDoesNotHave();
    void putsTheCredentialWhereTheEndpointSays_data();
    void putsTheCredentialWhereTheEndpointSays();
    void addsWhatTheConfigurationAdds();
    void renamesTheModelAndNothingElse_data();
    void renamesTheModelAndNothingElse();
    void alwaysAsksAStreamForItsUsage_data();
    void alwaysAsksAStreamForItsUsage();
    void asksNothingOfAProviderThatSaysItUnasked();
    void choosesTheDecoderByTheContentType_data();
    void choosesTheDecoderByTheContentType();
    void refusesACompressedAnswer();
    void readsErrors_data();
    void readsErrors();
    void leaksNothingOfARefusedCredential_data();
    void leaksNothingOfARefusedCredential();

private:
    OpenAiDialect m_dialect;
};

void OpenAiDialectTest::addressesTheOperationBelowTheBasePath_data()
{
    QTest::addColumn<QByteArray>("basePath");
    QTest::addColumn<int>("operation");
    QTest::addColumn<QByteArray>("path");
    using enum openai::Operation;
    const auto add = [](const char *name, const char *base, openai::Operation operation,
                        const char *path) {
        QTest::newRow(name) << QByteArray(base) << static_cast<int>(operation) << QByteArray(path);
    };
    add("chat", "/v1", ChatCompletion, "/v1/chat/completions");
    add("completion", "/v1", Completion, "/v1/completions");
    add("embedding", "/v1", Embedding, "/v1/embeddings");
    add("no path", "", ChatCompletion, "/chat/completions");
    add("deep path", "/a/b%20c/v1", ChatCompletion, "/a/b%20c/v1/chat/completions");
}

void OpenAiDialectTest::addressesTheOperationBelowTheBasePath()
{
    QFETCH(const QByteArray, basePath);
    QFETCH(const int, operation);
    QFETCH(const QByteArray, path);
    ports::Endpoint place = endpoint();
    place.basePath = basePath;
    const auto request = parsed(R"({"model":"m","messages":[{}],"prompt":"a","input":"a"})",
                                static_cast<openai::Operation>(operation));
    const ports::UpstreamRequest upstream = m_dialect.write(place, request);
    QCOMPARE(upstream.path, path);
    QCOMPARE(upstream.method, "POST");
    QCOMPARE(upstream.origin, place.origin);
}

void OpenAiDialectTest::writesTheHead_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<QByteArray>("accept");
    QTest::addColumn<int>("seconds");
    QTest::newRow("whole") << ""_ba << "application/json"_ba << 1;
    QTest::newRow("stream") << R"(,"stream":true)"_ba << "text/event-stream"_ba << 2;
    QTest::newRow("no stream") << R"(,"stream":false)"_ba << "application/json"_ba << 1;
}

void OpenAiDialectTest::writesTheHead()
{
    QFETCH(const QByteArray, more);
    QFETCH(const QByteArray, accept);
    QFETCH(const int, seconds);
    const auto request = chat(more);
    const ports::UpstreamRequest upstream = m_dialect.write(endpoint(), request);
    QCOMPARE(fieldOf(upstream, "accept"), accept);
    QCOMPARE(fieldOf(upstream, "content-type"), "application/json");
    QCOMPARE(fieldOf(upstream, "accept-encoding"), "identity");
    QCOMPARE(fieldOf(upstream, "authorization"), "Bearer sk-secret");
    QCOMPARE(upstream.timeouts.total, std::chrono::seconds(seconds));
    QCOMPARE(upstream.fields.size(), 4U);
}

void OpenAiDialectTest::sendsNoCredentialItDoesNotHave()
{
    ports::Endpoint place = endpoint();
    place.apiKey = Secret();
    const auto request = chat();
    const ports::UpstreamRequest upstream = m_dialect.write(place, request);
    QCOMPARE(fieldOf(upstream, "authorization"), "");
    QCOMPARE(upstream.fields.size(), 3U);
}

void OpenAiDialectTest::putsTheCredentialWhereTheEndpointSays_data()
{
    QTest::addColumn<QByteArray>("name");
    QTest::addColumn<QByteArray>("format");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QByteArray>("value");
    QTest::newRow("alone") << "x-api-key"_ba << "{api_key}"_ba << "k"_ba << "k"_ba;
    QTest::newRow("behind a word") << "api-key"_ba << "Token {api_key}!"_ba << "k"_ba
                                   << "Token k!"_ba;
    QTest::newRow("not replaced twice")
        << "api-key"_ba << "Token {api_key}"_ba << "a{api_key}b"_ba << "Token a{api_key}b"_ba;
}

void OpenAiDialectTest::putsTheCredentialWhereTheEndpointSays()
{
    QFETCH(const QByteArray, name);
    QFETCH(const QByteArray, format);
    QFETCH(const QByteArray, key);
    QFETCH(const QByteArray, value);
    ports::Endpoint place = endpoint();
    place.authHeaderName = name;
    place.authHeaderFormat = format;
    place.apiKey = Secret(key);
    const auto request = chat();
    const ports::UpstreamRequest upstream = m_dialect.write(place, request);
    QCOMPARE(fieldOf(upstream, name), value);
    QCOMPARE(fieldOf(upstream, "authorization"), "");
}

void OpenAiDialectTest::addsWhatTheConfigurationAdds()
{
    ports::Endpoint place = endpoint();
    place.organization = "org-1";
    place.extraHeaders = {{"x-team", "a"}, {"X-Other", "b c"}};
    const auto request = chat();
    const ports::UpstreamRequest upstream = m_dialect.write(place, request);
    QCOMPARE(fieldOf(upstream, "openai-organization"), "org-1");
    QCOMPARE(fieldOf(upstream, "x-team"), "a");
    QCOMPARE(fieldOf(upstream, "x-other"), "b c");
}

void OpenAiDialectTest::renamesTheModelAndNothingElse_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("upstream");
    QTest::newRow("first") << R"({"model":"m","messages":[{}],"x":1.50})"_ba
                           << R"({"model":"up/stream-1","messages":[{}],"x":1.50})"_ba;
    QTest::newRow("last, with space")
        << "{ \"messages\" : [{\"content\":\"\\u20ac \\\"model\\\":\"}] ,\n\"model\" : \"m\" }\n"_ba
        << "{ \"messages\" : [{\"content\":\"\\u20ac \\\"model\\\":\"}] ,\n"
           "\"model\" : \"up/stream-1\" }\n"_ba;
    QTest::newRow("escaped name of the member")
        << R"({"mod\u0065l":"m","messages":[{"model":"inner"}]})"_ba
        << R"({"mod\u0065l":"up/stream-1","messages":[{"model":"inner"}]})"_ba;
}

void OpenAiDialectTest::renamesTheModelAndNothingElse()
{
    QFETCH(const QByteArray, sent);
    QFETCH(const QByteArray, upstream);
    const auto request = parsed(sent);
    QCOMPARE(joined(m_dialect.write(endpoint(), request)), upstream);
}

void OpenAiDialectTest::alwaysAsksAStreamForItsUsage_data()
{
    QTest::addColumn<QByteArray>("more");
    QTest::addColumn<bool>("isAsked");
    const auto options = [](const char *text) {
        return R"(,"stream":true,"stream_options":)" + QByteArray(text);
    };
    QTest::newRow("no options") << R"(,"stream":true)"_ba << true;
    QTest::newRow("null") << options("null") << true;
    QTest::newRow("empty") << options("{}") << true;
    QTest::newRow("spaces") << options("{ \n }") << true;
    QTest::newRow("refused") << options(R"({"include_usage":false})") << true;
    QTest::newRow("nobody said") << options(R"({"include_usage":null})") << true;
    QTest::newRow("asked") << options(R"({"include_usage": true})") << true;
    QTest::newRow("other options") << options(R"({"include_obfuscation":false})") << true;
    QTest::newRow("not a stream") << ""_ba << false;
    QTest::newRow("not a stream, with options")
        << R"(,"stream":false,"stream_options":null)"_ba << false;
}

void OpenAiDialectTest::alwaysAsksAStreamForItsUsage()
{
    QFETCH(const QByteArray, more);
    QFETCH(const bool, isAsked);
    const auto request = chat(more);
    const QByteArray body = joined(m_dialect.write(endpoint(), request));
    QJsonObject expected = QJsonDocument::fromJson(request.body).object();
    expected.insert("model"_L1, u"up/stream-1"_s);
    if (isAsked) {
        QJsonObject options = expected.value("stream_options"_L1).toObject();
        options.insert("include_usage"_L1, true);
        expected.insert("stream_options"_L1, options);
    }
    QCOMPARE(QJsonDocument::fromJson(body).object(), expected);
    QVERIFY(openai::ModelRequest::parse(body, request.operation)); // No member is there twice.
}

void OpenAiDialectTest::asksNothingOfAProviderThatSaysItUnasked()
{
    const OpenAiDialect dialect({.usage = openai::StreamUsage::Unasked});
    for (const QByteArray &more :
         {R"(,"stream":true)"_ba, R"(,"stream":true,"stream_options":{"include_usage":true})"_ba}) {
        const auto request = chat(more);
        QJsonObject expected = QJsonDocument::fromJson(request.body).object();
        expected.insert("model"_L1, u"up/stream-1"_s);
        const QByteArray body = joined(dialect.write(endpoint(), request));
        QCOMPARE(QJsonDocument::fromJson(body).object(), expected);
    }
}

void OpenAiDialectTest::choosesTheDecoderByTheContentType_data()
{
    QTest::addColumn<QByteArray>("type");
    QTest::addColumn<QByteArray>("whole");  // What an unstreamed call gets: "json" or nothing.
    QTest::addColumn<QByteArray>("stream"); // And a stream: "json", "events" or nothing.
    QTest::newRow("JSON") << "application/json"_ba << "json"_ba << "json"_ba;
    QTest::newRow("JSON in UTF-8") << "application/json; charset=utf-8"_ba << "json"_ba
                                   << "json"_ba;
    QTest::newRow("upper case") << "Application/JSON ;x"_ba << "json"_ba << "json"_ba;
    QTest::newRow("problem") << "application/problem+json"_ba << "json"_ba << "json"_ba;
    QTest::newRow("none") << ""_ba << "json"_ba << "events"_ba;
    QTest::newRow("events") << "text/event-stream"_ba << ""_ba << "events"_ba;
    QTest::newRow("events in UTF-8") << "text/event-stream;charset=UTF-8"_ba << ""_ba
                                     << "events"_ba;
    QTest::newRow("HTML") << "text/html; charset=utf-8"_ba << ""_ba << ""_ba;
    QTest::newRow("text") << "text/plain"_ba << ""_ba << ""_ba;
    QTest::newRow("nonsense") << ";;"_ba << "json"_ba << "events"_ba;
    QTest::newRow("binary") << "application/octet-stream"_ba << ""_ba << ""_ba;
    QTest::newRow("nearly JSON") << "application/jsonp"_ba << ""_ba << ""_ba;
}

void OpenAiDialectTest::choosesTheDecoderByTheContentType()
{
    QFETCH(const QByteArray, type);
    QFETCH(const QByteArray, whole);
    QFETCH(const QByteArray, stream);
    const auto kindOf = [this, &type](const QByteArray &more) -> QByteArray {
        const auto decoder = m_dialect.decoder(head(200, type), chat(more), roomy);
        if (!decoder) {
            const bool isRight = decoder.error().kind == ErrorKind::UpstreamInvalid
                && !decoder.error().message.contains(u'<');
            return isRight ? "" : "wrong error";
        }
        return dynamic_cast<StreamDecoder *>(decoder->get()) ? "events" : "json";
    };
    QCOMPARE(kindOf({}), whole);
    QCOMPARE(kindOf(R"(,"stream":true)"), stream);
}

void OpenAiDialectTest::refusesACompressedAnswer()
{
    const auto decoderFor = [this](const QByteArray &encoding) {
        return m_dialect.decoder(head(200, "application/json", {{"content-encoding", encoding}}),
                                 chat(), roomy);
    };
    QVERIFY(decoderFor("identity"));
    QVERIFY(decoderFor("Identity"));
    for (const char *encoding : {"gzip", "br", "deflate, gzip"}) {
        const auto refused = decoderFor(encoding);
        QVERIFY(!refused);
        QCOMPARE(refused.error().kind, ErrorKind::UpstreamInvalid);
    }
}

void OpenAiDialectTest::readsErrors_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QByteArray>("retryAfter");
    QTest::addColumn<int>("ours");
    QTest::addColumn<QString>("code");
    QTest::addColumn<int>("seconds"); // -1: none.
    const QByteArray json = R"({"error":{"message":"No.","param":"n","code":"bad_n"}})";
    const auto add = [](const char *name, int status, const QByteArray &body,
                        const char *retryAfter, std::tuple<int, const char *, int> ours) {
        const auto &[ourStatus, code, seconds] = ours;
        QTest::newRow(name) << status << body << QByteArray(retryAfter) << ourStatus
                            << QString::fromLatin1(code) << seconds;
    };
    add("400 keeps status and code", 400, json, "", {400, "bad_n", -1});
    add("404", 404, json, "", {404, "bad_n", -1});
    add("422 without JSON", 422, "<p>no</p>", "", {422, "upstream_rejected", -1});
    add("401", 401, json, "", {502, "upstream_auth", -1});
    add("403", 403, json, "", {502, "upstream_auth", -1});
    add("408", 408, json, "", {504, "upstream_timeout", -1});
    add("429 with a time", 429, json, "17", {429, "bad_n", 17});
    add("429 with a date", 429, json, "Fri, 31 Dec 1999 23:59:59 GMT", {429, "bad_n", -1});
    add("429 without a code", 429, "{}", "", {429, "upstream_rate_limited", -1});
    add("500", 500, json, "", {502, "upstream_failed", -1});
    add("502 in HTML", 502, "<html>Bad Gateway</html>", "", {502, "upstream_failed", -1});
    add("503 with a time", 503, json, " 5 ", {502, "upstream_failed", 5});
    add("529 without a body", 529, "", "", {502, "upstream_failed", -1});
    add("301", 301, "", "", {502, "upstream_invalid_response", -1});
}

void OpenAiDialectTest::readsErrors()
{
    QFETCH(const int, status);
    QFETCH(const QByteArray, body);
    QFETCH(const QByteArray, retryAfter);
    QFETCH(const int, ours);
    QFETCH(const QString, code);
    QFETCH(const int, seconds);
    const ApiError error = m_dialect.readError(
        head(status, "application/json", {{"retry-after", retryAfter}}), body);
    QCOMPARE(error.status(), ours);
    QCOMPARE(error.codeText(), code);
    QCOMPARE(error.upstreamStatus, status);
    QCOMPARE(error.retryAfter ? error.retryAfter->count() : -1, qint64(seconds));
    QVERIFY(!error.message.isEmpty());
    QVERIFY(!error.message.contains(u'<'));
}

void OpenAiDialectTest::leaksNothingOfARefusedCredential_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {400, 401, 403, 404, 429, 500, 503}) {
        QTest::addRow("%d", status) << status;
    }
}

void OpenAiDialectTest::leaksNothingOfARefusedCredential()
{
    QFETCH(const int, status);
    const QByteArray body =
        R"({"error":{"message":"Incorrect API key sk-proj-Abc123456789 from 10.20.30.40:8443 )"
        R"(at https://internal.example/v1; sent Bearer abcdef"}})";
    const ApiError error = m_dialect.readError(head(status, "application/json"), body);
    for (const char *secret : {"sk-proj", "Abc123", "10.20.30.40", "internal.example", "abcdef"}) {
        QVERIFY2(!error.message.contains(QLatin1StringView(secret)), qPrintable(error.message));
    }
}

QTEST_APPLESS_MAIN(OpenAiDialectTest)
#include "tst_openai_dialect.moc"
