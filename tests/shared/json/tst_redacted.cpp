#include "shared/json/redacted.h"

#include <QJsonArray>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;

class RedactedTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void replacesWhatASecretsNameHolds_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name :
             {"api_key", "apiKey", "X-API-Key", "azure_api_key", "secret", "client_secret",
              "aws_secret_access_key", "authorization", "Authorization", "Proxy-Authorization",
              "master_key", "MASTER_KEY", "private_key", "password", "smtp_password", "newPassword",
              "token", "access_token", "refreshToken"}) {
            QTest::newRow(name) << QString::fromLatin1(name);
        }
    }
    void replacesWhatASecretsNameHolds()
    {
        QFETCH(const QString, name);
        for (const QJsonValue &value :
             {QJsonValue(u"canary"_s), QJsonValue(QJsonArray{u"canary"_s}),
              QJsonValue(QJsonObject{{u"value"_s, u"canary"_s}}), QJsonValue(u""_s)}) {
            QCOMPARE(redacted({{name, value}})[name], QJsonValue(redactedText));
        }
    }

    void keepsEverythingElse_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QJsonValue>("value");
        QTest::newRow("name") << u"name"_s << QJsonValue(u"Sales"_s);
        QTest::newRow("id of a key") << u"key_id"_s << QJsonValue(u"Ab3dEf9h"_s);
        QTest::newRow("limit") << u"max_tokens"_s << QJsonValue(4096);
        QTest::newRow("price") << u"input_cost_per_token"_s << QJsonValue(0.5);
        QTest::newRow("truth") << u"has_token"_s << QJsonValue(true);
        QTest::newRow("no secret") << u"api_key"_s << QJsonValue(QJsonValue::Null);
        QTest::newRow("list") << u"models"_s << QJsonValue(QJsonArray{u"a"_s, 1, true});
    }
    void keepsEverythingElse()
    {
        QFETCH(const QString, name);
        QFETCH(const QJsonValue, value);
        QCOMPARE(redacted({{name, value}})[name], value);
    }

    void replacesANumberThatIsAPassword()
    {
        QCOMPARE(redacted({{u"password"_s, 1234}})[u"password"_s], QJsonValue(redactedText));
    }

    void looksIntoWhatIsNested()
    {
        const QJsonObject secret{{u"password"_s, u"canary"_s}, {u"name"_s, u"x"_s}};
        const QJsonObject clean{{u"password"_s, redactedText}, {u"name"_s, u"x"_s}};
        QCOMPARE(redacted({{u"a"_s, QJsonArray{QJsonArray{secret}}}, {u"b"_s, secret}}),
                 (QJsonObject{{u"a"_s, QJsonArray{QJsonArray{clean}}}, {u"b"_s, clean}}));
    }

    void replacesAKeyWhereverItStands()
    {
        const QJsonObject object{{u"models"_s, QJsonArray{u"sk-dl-AbCd0123-secret"_s, u"gpt"_s}}};
        QCOMPARE(redacted(object)[u"models"_s], QJsonValue(QJsonArray{redactedText, u"gpt"_s}));
    }

    void changesNothingTheSecondTime()
    {
        const QJsonObject once = redacted({{u"api_key"_s, u"x"_s}, {u"n"_s, 1}});
        QCOMPARE(redacted(once), once);
    }
};

QTEST_GUILESS_MAIN(RedactedTest)
#include "tst_redacted.moc"
