#include "shared/json/json_codec.h"
#include "shared/models/virtual_key.h"

#include <QJsonDocument>
#include <QTest>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

VirtualKey sample()
{
    VirtualKey key;
    key.id = u"Ab3dEf9h"_s;
    key.alias = u"reports"_s;
    key.hint = u"wXyZ"_s;
    key.teamId = u"sales"_s;
    key.models = {u"gpt-4o"_s};
    key.limits.requestsPerMinute = 60;
    key.expiresAt = WallTime(std::chrono::milliseconds(1795441140000));
    key.createdAt = WallTime(std::chrono::milliseconds(1795000000000));
    key.spend = Money::fromNanos(1'250'000'001);
    return key;
}

} // namespace

class VirtualKeyTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheNamesThatClientsKnow();
    void readsBackWhatItWrote();
    void takesARequestToCreate();
    void clearsTheExpiryWithNull();
    void keepsItsSpendFromClients();
    void refusesLimitsBelowZero();
    void acceptsNamesUpToTheLimits();
    void refusesNamesThatCannotBeShown_data();
    void refusesNamesThatCannotBeShown();
};

void VirtualKeyTest::writesTheNamesThatClientsKnow()
{
    QCOMPARE(
        QJsonDocument(toJson(sample())).toJson(QJsonDocument::Compact),
        R"({"allowed_routes":[],"blocked":false,"created_at":"2026-11-18T11:06:40.000Z","expires":"2026-11-23T13:39:00.000Z",)"
        R"("id":"Ab3dEf9h","key_alias":"reports","key_hint":"wXyZ","max_parallel_requests":null,)"
        R"("models":["gpt-4o"],"organization_id":null,"rpd_limit":null,"rph_limit":null,"rpm_limit":60,)"
        R"("service_account_id":null,"spend":1.250000001,"tags":[],"team_id":"sales","tpd_limit":null,"tph_limit":null,)"
        R"("tpm_limit":null,"user_id":null})");
}

void VirtualKeyTest::readsBackWhatItWrote()
{
    const Result<VirtualKey> back = fromJson<VirtualKey>(toJson(sample()));
    QVERIFY(back);
    QVERIFY(*back == sample());
}

void VirtualKeyTest::takesARequestToCreate()
{
    VirtualKey key;
    const QJsonObject body{{u"key_alias"_s, u"ci"_s},
                           {u"models"_s, QJsonArray{u"demo"_s}},
                           {u"expires"_s, u"2027-01-01T00:00:00Z"_s},
                           {u"user_id"_s, QJsonValue::Null}};
    QVERIFY(applyPatch(body, key));
    QCOMPARE(key.alias, u"ci"_s);
    QCOMPARE(key.models, QStringList{u"demo"_s});
    QVERIFY(key.expiresAt);
    QVERIFY(key.userId.isEmpty());
}

void VirtualKeyTest::clearsTheExpiryWithNull()
{
    VirtualKey key = sample();
    QVERIFY(applyPatch({{u"expires"_s, QJsonValue::Null}}, key));
    QCOMPARE(key.expiresAt, std::nullopt);
    QCOMPARE(key.alias, u"reports"_s);
}

void VirtualKeyTest::keepsItsSpendFromClients()
{
    VirtualKey key = sample();
    const Result<void> outcome = applyPatch({{u"spend"_s, 0}}, key);
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().param, u"spend"_s);
    QVERIFY(key == sample());
}

void VirtualKeyTest::refusesLimitsBelowZero()
{
    for (const char *name : {"rpm_limit", "rph_limit", "rpd_limit", "tpm_limit", "tph_limit",
                             "tpd_limit", "max_parallel_requests"}) {
        VirtualKey key;
        QVERIFY(applyPatch(QJsonObject{{QLatin1StringView(name), 0}}, key));
        QVERIFY(key.validate());
        QVERIFY(applyPatch(QJsonObject{{QLatin1StringView(name), -1}}, key));
        const Result<void> refused = key.validate();
        QVERIFY(!refused);
        QCOMPARE(refused.error().param, QLatin1StringView(name));
    }
}

void VirtualKeyTest::acceptsNamesUpToTheLimits()
{
    VirtualKey key;
    key.alias = QString(255, u'ä');
    key.userId = QString(255, u'u');
    key.models = {QString(256, u'm'), u"meta-llama/Llama-3.3-70B"_s};
    const Result<void> outcome = key.validate();
    QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error().message));
}

void VirtualKeyTest::refusesNamesThatCannotBeShown_data()
{
    QTest::addColumn<QString>("alias");
    QTest::addColumn<QString>("teamId");
    QTest::addColumn<QStringList>("models");
    QTest::addColumn<QString>("param");
    const QString none;
    QTest::newRow("long alias") << QString(256, u'a') << none << QStringList() << u"key_alias"_s;
    QTest::newRow("line break") << u"a\nb"_s << none << QStringList() << u"key_alias"_s;
    QTest::newRow("long team") << none << QString(256, u't') << QStringList() << u"team_id"_s;
    QTest::newRow("control in a team") << none << u"\x1b"_s << QStringList() << u"team_id"_s;
    QTest::newRow("long model") << none << none << QStringList{u"a"_s, QString(257, u'm')}
                                << u"models[1]"_s;
    QTest::newRow("empty model") << none << none << QStringList{QString()} << u"models[0]"_s;
    QTest::newRow("null byte") << none << none << QStringList{QString(QChar(0))} << u"models[0]"_s;
}

void VirtualKeyTest::refusesNamesThatCannotBeShown()
{
    VirtualKey key;
    QFETCH(QString, alias);
    QFETCH(QString, teamId);
    QFETCH(QStringList, models);
    key.alias = alias;
    key.teamId = teamId;
    key.models = models;
    const Result<void> outcome = key.validate();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().kind, ErrorKind::InvalidRequest);
    QTEST(outcome.error().param, "param");
}

} // namespace delta

QTEST_GUILESS_MAIN(delta::VirtualKeyTest)
#include "tst_virtual_key.moc"
