#include "gateway/telemetry/scrubber.h"

#include <QtTest>

using delta::telemetry::scrubbed;

class ScrubberTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void masksCredentials_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const char *text, const char *expected) {
            QTest::newRow(name) << QByteArray(text) << QByteArray(expected);
        };
        row("a key of ours", "sk-dl-AbCd0123-abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ-0YlYYu",
            "sk-***");
        row("a short key", "sk-1234", "sk-***");
        row("within a sentence", "the key sk-abcdef123456, was refused",
            "the key sk-***, was refused");
        row("in quotes", "{\"k\":\"sk-abcdef123456\"}", "{\"k\":\"sk-***\"}");
        row("two keys", "sk-aaaaaaaa sk-bbbbbbbb", "sk-*** sk-***");
        row("at the end", "x=sk-aaaaaaaa", "x=sk-***");
        row("other known forms", "AIzaSyA0123456789abcdefghij AKIA0123456789ABCDEF",
            "AIza*** AKIA***");
        row("a signed token", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.sig", "eyJ***");
        row("bearer", "Authorization: Bearer abcdefgh12345678", "Authorization: Bearer ***");
        row("bearer in any case", "bEARER   abcdefgh12345678 end", "bEARER   *** end");
        row("a short bearer", "authorization: bearer abc", "authorization: bearer ***");
        row("another scheme", "Authorization: Negotiate abc=, x",
            "Authorization: Negotiate ***, x");
        row("basic", "Basic dXNlcjpwYXNz", "Basic ***");
        row("a header", "x-api-key: 0123456789", "x-api-key: ***");
        row("a JSON member", "{\"api_key\": \"0123456789\", \"n\": 1}",
            "{\"api_key\": \"***\", \"n\": 1}");
        row("escaped JSON", "{\\\"api_key\\\":\\\"0123\\\"}", "{\\\"api_key\\\":\\\"***\\\"}");
        row("a query", "/v1?api-key=0123456789&model=x", "/v1?api-key=***&model=x");
        row("password", "password=hunter2 user=ada", "password=*** user=ada");
        row("client secret", "client_secret='s3cr3t'", "client_secret='***'");
        row("access token", "access_token=abc", "access_token=***");
        row("a key after other names", "KEY=sk-abcdef123456", "KEY=sk-***");
    }

    void masksCredentials()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(scrubbed(text), expected);
        QCOMPARE(scrubbed(expected), expected);
    }

    void leavesOtherTextsAlone_data()
    {
        QTest::addColumn<QByteArray>("text");
        for (const char *text :
             {"", "plain", "task-12345678 and risk-free", "sk-", "the bearer of news", "basic",
              "max_tokens=500", "prompt_tokens: 12", "secretary: Ada", "a token", "tokens",
              "The password is missing.", "req_0123456789abcdef", "\xc3\xa4\xf0\x9f\x98\x80",
              "author: ada", "key_id=AbCd0123"}) {
            QTest::newRow(text) << QByteArray(text);
        }
    }

    void leavesOtherTextsAlone()
    {
        QFETCH(QByteArray, text);
        QCOMPARE(scrubbed(text), text);
    }

    void neverLetsAKeyThroughAtAnyPlace()
    {
        const QByteArray secret = "0123456789abcdefghij";
        for (const QByteArray &before :
             {QByteArray(), QByteArray(" "), QByteArray("\n"), QByteArray("("),
              QByteArray("\xc3\xa4"), QByteArray("-"), QByteArray("_"), QByteArray("/")}) {
            const QByteArray clean = scrubbed(before + "sk-" + secret + before);
            QVERIFY2(!clean.contains(secret), clean.constData());
        }
    }
};

QTEST_GUILESS_MAIN(ScrubberTest)
#include "tst_scrubber.moc"
