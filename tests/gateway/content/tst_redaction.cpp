// labels: unit hostile
#include "gateway/content/json_redaction.h"
#include "gateway/content/text_redaction.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QtTest>

using namespace delta::content;

namespace {

constexpr qsizetype plenty = 1 << 20;

/// Of JSON; one of delta::content is of texts.
QByteArray ofJson(const QByteArray &json)
{
    return redactedJson(json, plenty).value().text;
}

} // namespace

/// What is taken out of prompts and answers before anybody keeps them, and what stays.
class RedactionTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void takesOutWhatIsPrivate_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("a key of a provider", "use sk-proj-abcdefghijkl0123, please",
            "use [REDACTED:api_key], please");
        row("a key of ours", "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEF",
            "[REDACTED:api_key]");
        row("keys of clouds", "AKIA0123456789ABCDEF AIzaSyA0123456789abcdefghij",
            "[REDACTED:api_key] [REDACTED:api_key]");
        row("a key of a repository", "(ghp_abcdefghijklmnopqrst)", "([REDACTED:api_key])");
        row("a token of JSON", "t=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln", "t=[REDACTED:jwt]");
        row("a bearer", "Bearer abcdefgh12345678.", "Bearer [REDACTED:token]");
        row("a header", "Authorization: Bearer abcdefghijkl",
            "Authorization: Bearer [REDACTED:credential]");
        row("basic authentication", "basic dXNlcjpwYXNzMQ==", "basic [REDACTED:token]");
        row("a setting", "export DB_PASSWORD=correcthorse\n",
            "export DB_PASSWORD=[REDACTED:credential]\n");
        row("a camel's setting", "dbPassword = 'correct horse'",
            "dbPassword = '[REDACTED:credential]'");
        row("JSON within a text", R"({"api_key":"correct horse","n":1})",
            R"({"api_key":"[REDACTED:credential]","n":1})");
        row("JSON within JSON within a text", "{\\\"password\\\":\\\"correct\\\"}",
            "{\\\"password\\\":\\\"[REDACTED:credential]\\\"}");
        row("a query", "https://x.test/?token=abc&n=1",
            "https://x.test/?token=[REDACTED:credential]&n=1");
        row("behind an escape of a text within", R"(line\nsk-abcdefghijkl0123)",
            R"(line\n[REDACTED:api_key])");
        row("behind an escape of a URL", "k%3Dsk-abcdefghijkl0123", "k%3D[REDACTED:api_key]");
        row("a private key",
            "a\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\nb",
            "a\n[REDACTED:private_key]\nb");
        row("a private key without an end", "a -----BEGIN PRIVATE KEY-----\nMIIE",
            "a [REDACTED:private_key]");
        row("addresses", "mail ann.lee+x@mail.example.com, or <bob@example.org>.",
            "mail [REDACTED:email], or <[REDACTED:email]>.");
        row("two addresses at once", "a@b.example,c@d.example",
            "[REDACTED:email],[REDACTED:email]");
        row("an address in a URL", "https://user:pw@host.example/x",
            "https://user:[REDACTED:email]/x");
        row("an international number", "call +49 171 2345678!", "call [REDACTED:phone]!");
        row("an American number", "call (555) 234-5678 or 555-234-5678",
            "call [REDACTED:phone] or [REDACTED:phone]");
        row("a national number", "Tel. 0171 2345678", "Tel. [REDACTED:phone]");
        row("a card", "4111111111111111", "[REDACTED:card]");
        row("a card in groups", "pay with 4111 1111 1111 1111 today",
            "pay with [REDACTED:card] today");
        row("a card with dashes behind a number", "12 5500-0000-0000-0004", "12 [REDACTED:card]");
        row("an account", "IBAN DE89 3704 0044 0532 0130 00.", "IBAN [REDACTED:iban].");
        row("an account in one word", "gb82west12345698765432", "[REDACTED:iban]");
        row("a social security number", "SSN 123-45-6789", "SSN [REDACTED:us_ssn]");
        row("inline media", "see data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA now",
            "see [REDACTED:media image/png 18 bytes] now");
    }
    void takesOutWhatIsPrivate()
    {
        QFETCH(const QByteArray, text);
        QTEST(redactedText(text), "expected");
    }

    void leavesTheRestAsItIs_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text : {"",
                                 "Hello, wörld! 你好 \xf0\x9f\x98\x80",
                                 "a risk-management-is-important-to-us matter",
                                 "sk-learn",
                                 "a bearer of bad newsletters",
                                 "password: please choose one",
                                 "max_tokens: 100",
                                 "if (password == other)",
                                 "on 2024-01-02 10:33:05, 08-12-2024 10:33",
                                 "version 1.2.3, 192.168.100.200, 3.14159265358979",
                                 "1732881600000",
                                 "4111111111111112",
                                 "order 123456789012",
                                 "900-12-3456",
                                 "a @ b, @me, me@, x@localhost",
                                 "-----BEGIN CERTIFICATE-----\nMIIE",
                                 "data: none",
                                 "DE00370400440532013000",
                                 "3 + 4 = 7 (see below)",
                                 "C:\\new\\table",
                                 "100%",
                                 "50% off"}) {
            QTest::newRow(text) << QByteArray(text);
        }
    }
    void leavesTheRestAsItIs()
    {
        QFETCH(const QByteArray, text);
        QCOMPARE(redactedText(text), text);
    }

    void takesATimeInProportionToTheLength_data()
    {
        QTest::addColumn<QByteArray>("piece");
        for (const char *piece : {"a",
                                  "a@",
                                  "@",
                                  "@a.",
                                  "a.",
                                  "sk-",
                                  "sk-a",
                                  "eyJ",
                                  "eyJ-",
                                  "eyJ.",
                                  "bearer ",
                                  "bearer\t",
                                  "password",
                                  "password ",
                                  "password:",
                                  "password=",
                                  "=",
                                  ":\"",
                                  "\\",
                                  "\\u",
                                  "\\u0",
                                  "%",
                                  "%4",
                                  "-",
                                  "-----BEGIN ",
                                  "-----BEGIN PRIVATE",
                                  "-----END ",
                                  "data:",
                                  "data:;base64,",
                                  "data:a;",
                                  "1",
                                  "1 ",
                                  "4 1 ",
                                  "1-",
                                  "+1",
                                  "+",
                                  "(",
                                  "(5",
                                  "4111 ",
                                  "4111-1111 ",
                                  "0171 ",
                                  "DE89",
                                  "DE89 ",
                                  "A1",
                                  "\"",
                                  "'",
                                  "é",
                                  "\xff"}) {
            QTest::newRow(piece) << QByteArray(piece);
        }
    }
    /// A scanner that goes back over what it saw would take days for these, and the test be stopped.
    void takesATimeInProportionToTheLength()
    {
        QFETCH(const QByteArray, piece);
        constexpr qsizetype length = 1 << 18;
        const QByteArray text = piece.repeated(length / piece.size());
        QVERIFY(!redactedText(text).isNull());
        const QByteArray json = QJsonDocument(
                                    QJsonObject{{QStringLiteral("t"), QString::fromUtf8(text)}})
                                    .toJson(QJsonDocument::Compact);
        QVERIFY(redactedJson(json, plenty));
    }

    void keepsJsonAsItWasWritten()
    {
        const char *json =
            "{ \"b\" : [1, 2.50e3, -0,true,false,null],\n\t\"a\":\"x\\u00e9\\/\\n\", \"a\": {} }";
        const auto redacted = redactedJson(json, plenty);
        QVERIFY(redacted);
        QCOMPARE(redacted->text, QByteArray(json));
        QVERIFY(!redacted->isTruncated);
    }

    void redactsValuesAndNotTheStructure()
    {
        QCOMPARE(
            ofJson(R"({"a@b.example":"a@b.example","n":[{"t":"x\n123-45-6789"}]})"),
            QByteArray(R"({"a@b.example":"[REDACTED:email]","n":[{"t":"x\n[REDACTED:us_ssn]"}]})"));
        QCOMPARE(ofJson(R"(["a\u0040b.example","s\u006b-abcdefghijkl0123"])"),
                 QByteArray(R"(["[REDACTED:email]","[REDACTED:api_key]"])"));
        QCOMPARE(ofJson(R"({"n":4111111111111111,"m":41111111111111})"),
                 QByteArray(R"({"n":"[REDACTED:card]","m":41111111111111})"));
    }

    void takesWhatIsNamedACredentialWhateverItLooksLike()
    {
        QCOMPARE(
            ofJson(
                R"({"headers":{"Authorization":"xyz","X-Api-Key" : "abc"},"password":"","token":"Hello"})"),
            QByteArray(
                R"({"headers":{"Authorization":"[REDACTED:credential]","X-Api-Key" : "[REDACTED:credential]"},"password":"","token":"Hello"})"));
        QCOMPARE(ofJson(R"({"secret":1,"t":"plain"})"), QByteArray(R"({"secret":1,"t":"plain"})"));
        QCOMPARE(ofJson(R"({"secret":["plain"],"t":"plain"})"),
                 QByteArray(R"({"secret":["plain"],"t":"plain"})"));
    }

    void saysHowLargeMediaWas()
    {
        const QByteArray media(400, 'A');
        QCOMPARE(
            ofJson("{\"input_audio\":{\"data\":\"" + media + "\",\"format\":\"wav\"}}"),
            QByteArray(R"({"input_audio":{"data":"[REDACTED:media 300 bytes]","format":"wav"}})"));
    }

    void cutsOffBehindTheRedaction()
    {
        // The address begins before the cut and ends behind it.
        const auto cut = redactedJson(R"({"t":"write to ann.lee@mail.example.com and é"})", 24);
        QVERIFY(cut);
        QVERIFY(cut->isTruncated);
        QCOMPARE(cut->text, QByteArray("{\"t\":\"write to [REDACTED"));
        // No character is cut through.
        const auto within = redactedJson("[\"éé\"]", 3);
        QVERIFY(within);
        QCOMPARE(within->text, QByteArray("[\""));
    }

    void refusesWhatIsNoJson_data()
    {
        QTest::addColumn<QByteArray>("json");
        for (const char *json :
             {"sk-abcdefghijkl0123", "{\"a\":secret}", "[\"open", "[\"a\\\"", "[\"a\\x\"]",
              "[\"\\u12\"]", "[\"\\ud8\"]", "['a']", "[\"a\nb\"]", "[tru]", "\xef\xbb\xbf{}"}) {
            QTest::newRow(json) << QByteArray(json);
        }
    }
    void refusesWhatIsNoJson()
    {
        QFETCH(const QByteArray, json);
        QVERIFY(!redactedJson(json, plenty));
    }
};

QTEST_APPLESS_MAIN(RedactionTest)
#include "tst_redaction.moc"
