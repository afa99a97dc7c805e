#include "gateway/auth/hook/hook_answer.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::auth;

class HookAnswerTest final : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsWhoIsLetIn()
    {
        const auto answer = readHookAnswer(
            R"({"allow":true,"user_id":"ada","team_id":"research","organization_id":"acme",)"
            R"("models":["m","größer"],"tags":["a","b"],"expires_in":90})");
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error()));
        QVERIFY(answer->facts);
        QCOMPARE(answer->facts->id, "custom:ada");
        QCOMPARE(answer->facts->userId, "ada");
        QCOMPARE(answer->facts->teamId, "research");
        QCOMPARE(answer->facts->organizationId, "acme");
        QCOMPARE(answer->facts->terms->models, (QByteArrayList{"m", "größer"}));
        QCOMPARE(answer->facts->terms->tags, "a\nb");
        QCOMPARE(answer->goodFor, std::chrono::seconds(90));
    }

    void needsNoMoreThanAUser()
    {
        const auto answer = readHookAnswer(
            R"({"allow":true,"user_id":"ada","team_id":null,"models":null,"expires_in":null})");
        QVERIFY2(answer, answer ? "" : qPrintable(answer.error()));
        QVERIFY(answer->facts->teamId.isEmpty());
        QVERIFY(answer->facts->terms->models.isEmpty());
        QVERIFY(!answer->goodFor);
    }

    void readsWhoIsNotLetIn()
    {
        const auto answer = readHookAnswer(R"({"allow":false,"user_id":"ada"})");
        QVERIFY(answer);
        QVERIFY(!answer->facts);
    }

    void refusesWhatItDoesNotUnderstandWhole_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QString>("reason");
        const auto add = [](const char *name, const QByteArray &text, const QString &reason) {
            QTest::newRow(name) << text << reason;
        };
        const QString noObject = u"its answer is no JSON object"_s;
        add("nothing", "", noObject);
        add("text", "ok", noObject);
        add("a list", "[true]", noObject);
        add("more than one", R"({"allow":false}{})", noObject);
        add("a name twice", R"({"allow":false,"allow":true,"user_id":"a"})", noObject);
        add("no decision", R"({"user_id":"a"})", u"in its answer 'allow' must be true or false"_s);
        add("a decision as text", R"({"allow":"true","user_id":"a"})",
            u"in its answer 'allow' must be true or false"_s);
        add("a decision as number", R"({"allow":1,"user_id":"a"})",
            u"in its answer 'allow' must be true or false"_s);
        add("no user", R"({"allow":true})", u"in its answer 'user_id' must name the user"_s);
        const QString text = u"must be a text of 1 to 255 printable characters"_s;
        add("an empty user", R"({"allow":true,"user_id":""})",
            u"in its answer 'user_id' "_s + text);
        add("a number as user", R"({"allow":true,"user_id":7})",
            u"in its answer 'user_id' "_s + text);
        add("a long user", R"({"allow":true,"user_id":")" + QByteArray(256, 'a') + R"("})",
            u"in its answer 'user_id' "_s + text);
        add("a line end", R"({"allow":true,"user_id":"a","team_id":"b\n"})",
            u"in its answer 'team_id' "_s + text);
        const QString list =
            u"must be a list of 1 to 1000 texts of at most 255 printable characters"_s;
        add("no model", R"({"allow":true,"user_id":"a","models":[]})",
            u"in its answer 'models' "_s + list);
        add("one model as text", R"({"allow":true,"user_id":"a","models":"m"})",
            u"in its answer 'models' "_s + list);
        add("a model that is none", R"({"allow":true,"user_id":"a","models":["m",null]})",
            u"in its answer 'models' "_s + list);
        const QString life = u"must be a whole number of seconds from 1 to 86400"_s;
        for (const QByteArray value : {"0", "-1", "86401", "1.5", R"("60")"}) {
            add(value, R"({"allow":true,"user_id":"a","expires_in":)" + value + "}",
                u"in its answer 'expires_in' "_s + life);
        }
        add("a misspelt limit", R"({"allow":true,"user_id":"a","model":["m"]})",
            u"in its answer 'model' is not known"_s);
        add("a bad member of a refusal", R"({"allow":false,"why":"x"})",
            u"in its answer 'why' is not known"_s);
        add("too much", R"({"allow":false})" + QByteArray(longestHookAnswer, ' '),
            u"its answer has more than 65536 bytes"_s);
    }
    void refusesWhatItDoesNotUnderstandWhole()
    {
        QFETCH(const QByteArray, text);
        QFETCH(const QString, reason);
        const auto answer = readHookAnswer(text);
        QVERIFY(!answer);
        QCOMPARE(answer.error(), reason);
    }

    void takesAsManyModelsAsItSays()
    {
        QByteArrayList models(1000, "\"m\"");
        const auto answerTo = [&models] {
            return readHookAnswer(R"({"allow":true,"user_id":"a","models":[)" + models.join(',')
                                  + "]}");
        };
        QVERIFY(answerTo());
        models.append("\"m\"");
        QVERIFY(!answerTo());
    }
};

QTEST_GUILESS_MAIN(HookAnswerTest)
#include "tst_hook_answer.moc"
