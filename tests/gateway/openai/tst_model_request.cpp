#include "gateway/openai/model_request.h"

#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using openai::ModelRequest;
using openai::Operation;

class ModelRequestTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhatTheGatewayNeeds();
    void changesOnlyModelAndUsageOption_data();
    void changesOnlyModelAndUsageOption();
    void namesTheFieldThatIsWrong_data();
    void namesTheFieldThatIsWrong();
    void acceptsNullForOptionalFields();
    void countsChoicesAndPrompts();
    void streamsNoEmbedding();
    void readsAnEscapedModelName();
    void takesTagsForTheGatewayAlone_data();
    void takesTagsForTheGatewayAlone();
    void refusesTagsThatAreNone_data();
    void refusesTagsThatAreNone();
};

namespace {

QByteArray upstreamBody(const QByteArray &body, const QByteArray &model)
{
    const auto request = ModelRequest::parse(body, Operation::ChatCompletion);
    if (!request) {
        return "error: " + request.error().message.toUtf8();
    }
    QByteArray joined;
    for (const QByteArray &piece : openai::bodyForUpstream(*request, model, {})) {
        joined += piece;
    }
    return joined;
}

} // namespace

void ModelRequestTest::readsWhatTheGatewayNeeds()
{
    const auto request = ModelRequest::parse(
        R"({"model":"gpt","messages":[{"role":"user","content":"Hi there"}],"stream":true,"n":3,"user":"u-1",
            "stream_options":{"include_usage":true},"unknown_field":{"kept":[1]}})"_ba,
        Operation::ChatCompletion);
    QVERIFY(request);
    QCOMPARE(request->model, "gpt");
    QCOMPARE(request->endUser, "u-1");
    QVERIFY(request->isStream);
    QVERIFY(request->wantsUsage);
    QCOMPARE(request->choices, 3);
    QCOMPARE(request->inputTextBytes, 12);
}

void ModelRequestTest::changesOnlyModelAndUsageOption_data()
{
    QTest::addColumn<QByteArray>("sent");
    QTest::addColumn<QByteArray>("received");
    const QByteArray tail =
        R"("messages":[{"role":"user","content":"\u00e9 1.0 \n"}],"seed":18446744073709551616)";
    QTest::newRow("not streamed") << R"({"model":"a", )"_ba + tail + '}'
                                  << R"({"model":"up", )"_ba + tail + '}';
    QTest::newRow("stream false") << R"({"model":"a","stream":false,)"_ba + tail + '}'
                                  << R"({"model":"up","stream":false,)"_ba + tail + '}';
    QTest::newRow("option added") << R"({"stream":true,"model":"a",)"_ba + tail + "} "
                                  << R"({"stream":true,"model":"up",)"_ba + tail
            + R"(,"stream_options":{"include_usage":true}} )";
    QTest::newRow("option was null")
        << R"({"model":"a","stream":true,"stream_options":null,)"_ba + tail + '}'
        << R"({"model":"up","stream":true,"stream_options":{"include_usage":true},)"_ba + tail
            + '}';
    QTest::newRow("option was empty")
        << R"({"stream_options":{ },"model":"a","stream":true,)"_ba + tail + '}'
        << R"({"stream_options":{"include_usage":true },"model":"up","stream":true,)"_ba + tail
            + '}';
    QTest::newRow("option was false")
        << R"({"model":"a","stream":true,"stream_options":{"x":1,"include_usage": false},)"_ba
            + tail + '}'
        << R"({"model":"up","stream":true,"stream_options":{"x":1,"include_usage": true},)"_ba
            + tail + '}';
    QTest::newRow("option was something else")
        << R"({"model":"a","stream":true,"stream_options":{"x":1},)"_ba + tail + '}'
        << R"({"model":"up","stream":true,"stream_options":{"include_usage":true,"x":1},)"_ba + tail
            + '}';
    QTest::newRow("option was true")
        << R"({"model":"a","stream":true,"stream_options":{"include_usage":true},)"_ba + tail + '}'
        << R"({"model":"up","stream":true,"stream_options":{"include_usage":true},)"_ba + tail
            + '}';
}

void ModelRequestTest::changesOnlyModelAndUsageOption()
{
    QFETCH(QByteArray, sent);
    QFETCH(QByteArray, received);
    QCOMPARE(upstreamBody(sent, "up"), received);
}

void ModelRequestTest::namesTheFieldThatIsWrong_data()
{
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<QString>("param");
    QTest::addColumn<QString>("says");
    const QByteArray rest = R"(,"messages":[{"role":"user","content":"x"}]})";
    QTest::newRow("no model") << R"({"n":1)"_ba + rest << u"model"_s << u"required"_s;
    QTest::newRow("model null") << R"({"model":null)"_ba + rest << u"model"_s
                                << u"a string (at byte 9)"_s;
    QTest::newRow("model empty") << R"({"model":"")"_ba + rest << u"model"_s
                                 << u"must name a model"_s;
    QTest::newRow("no messages") << R"({"model":"m"})"_ba << u"messages"_s << u"required"_s;
    QTest::newRow("messages empty")
        << R"({"model":"m","messages":[]})"_ba << u"messages"_s << u"at least one"_s;
    QTest::newRow("messages of strings")
        << R"({"model":"m","messages":["x"]})"_ba << u"messages"_s << u"an object"_s;
    QTest::newRow("messages a string")
        << R"({"model":"m","messages":"x"})"_ba << u"messages"_s << u"an array"_s;
    QTest::newRow("stream a string")
        << R"({"model":"m","stream":"yes")"_ba + rest << u"stream"_s << u"true or false"_s;
    QTest::newRow("temperature") << R"({"model":"m","temperature":"hot")"_ba + rest
                                 << u"temperature"_s << u"a number"_s;
    QTest::newRow("n zero") << R"({"model":"m","n":0)"_ba + rest << u"n"_s << u"at least 1"_s;
    QTest::newRow("n a fraction") << R"({"model":"m","n":1.5)"_ba + rest << u"n"_s
                                  << u"whole number"_s;
    QTest::newRow("include_usage")
        << R"({"model":"m","stream_options":{"include_usage":1})"_ba + rest
        << u"stream_options.include_usage"_s << u"true or false (at byte 47)"_s;
}

void ModelRequestTest::namesTheFieldThatIsWrong()
{
    QFETCH(QByteArray, body);
    QFETCH(QString, param);
    QFETCH(QString, says);
    const auto request = ModelRequest::parse(body, Operation::ChatCompletion);
    QVERIFY(!request);
    QCOMPARE(request.error().status(), 400);
    QCOMPARE(request.error().param, param);
    QVERIFY2(request.error().message.contains(says), qPrintable(request.error().message));
}

void ModelRequestTest::acceptsNullForOptionalFields()
{
    QVERIFY(ModelRequest::parse(
        R"({"model":"m","input":"x","dimensions":null,"encoding_format":null})"_ba,
        Operation::Embedding));
    QVERIFY(ModelRequest::parse(R"({"model":"m","prompt":["a","b"],"stream":null,"user":null})"_ba,
                                Operation::Completion));
}

void ModelRequestTest::countsChoicesAndPrompts()
{
    const auto chat = ModelRequest::parse(
        R"({"model":"m","n":2.0,"prompt":["a","b"],"messages":[{}]})"_ba,
        Operation::ChatCompletion);
    QCOMPARE(chat->choices, 2);
    QCOMPARE(chat->prompts, 1); // A field that only completions have.
    const auto completion = ModelRequest::parse(R"({"model":"m","prompt":["a","b"]})"_ba,
                                                Operation::Completion);
    QCOMPARE(completion->prompts, 2);
}

void ModelRequestTest::streamsNoEmbedding()
{
    const auto request = ModelRequest::parse(R"({"model":"m","input":"a","stream":true})"_ba,
                                             Operation::Embedding);
    QVERIFY(!request->isStream);
}

void ModelRequestTest::readsAnEscapedModelName()
{
    const auto request = ModelRequest::parse(R"({"model":"a\u002fb\"c","input":[1,2]})"_ba,
                                             Operation::Embedding);
    QVERIFY(request);
    QCOMPARE(request->model, "a/b\"c");
}

void ModelRequestTest::takesTagsForTheGatewayAlone_data()
{
    QTest::addColumn<QByteArray>("metadata");
    QTest::addColumn<QByteArray>("tags");
    QTest::addColumn<QByteArray>("upstream");
    QTest::newRow("only tags") << R"({"tags":["a","b"]})"_ba << "a\nb"_ba << "null"_ba;
    QTest::newRow("tags and more") << R"({"tags": ["a"], "n": 1.50, "kind": "x"})"_ba << "a"_ba
                                   << R"({"n":1.50,"kind":"x"})"_ba;
    QTest::newRow("escapes") << R"({"tags":["\u0061 \"b\""]})"_ba << R"(a "b")"_ba << "null"_ba;
    QTest::newRow("none") << R"({"tags":[]})"_ba << ""_ba << "null"_ba;
    QTest::newRow("a text is the provider's") << R"({"tags":"a"})"_ba << ""_ba
                                              << R"({"tags":"a"})"_ba;
    QTest::newRow("no tags") << R"({ "kind" : "x" })"_ba << ""_ba << R"({ "kind" : "x" })"_ba;
    QTest::newRow("null") << "null"_ba << ""_ba << "null"_ba;
}

void ModelRequestTest::takesTagsForTheGatewayAlone()
{
    QFETCH(const QByteArray, metadata);
    QFETCH(const QByteArray, tags);
    QFETCH(const QByteArray, upstream);
    const QByteArray before = R"({"model":"gpt","metadata":)";
    const QByteArray after = R"(,"messages":[{"role":"user","content":"Hi"}]})";
    const auto request = ModelRequest::parse(before + metadata + after, Operation::ChatCompletion);
    QVERIFY(request.has_value());
    QCOMPARE(request->tags.list, tags);
    QCOMPARE(upstreamBody(before + metadata + after, "gpt"), before + upstream + after);
}

void ModelRequestTest::refusesTagsThatAreNone_data()
{
    QTest::addColumn<QByteArray>("tags");
    QTest::newRow("number") << "[1]"_ba;
    QTest::newRow("empty") << R"([""])"_ba;
    QTest::newRow("line break") << R"(["a\nb"])"_ba;
    QTest::newRow("too many") << "[" + QByteArray(R"("a","b","c","d","e","f","g","h","i","j","k")")
            + "]";
}

void ModelRequestTest::refusesTagsThatAreNone()
{
    QFETCH(const QByteArray, tags);
    const auto request = ModelRequest::parse(R"({"model":"gpt","messages":[{}],"metadata":{"tags":)"
                                                 + tags + "}}",
                                             Operation::ChatCompletion);
    QVERIFY(!request);
    QCOMPARE(request.error().param, u"metadata.tags"_s);
}

QTEST_APPLESS_MAIN(ModelRequestTest)
#include "tst_model_request.moc"
