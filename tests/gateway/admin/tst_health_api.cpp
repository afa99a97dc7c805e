// labels: unit contract
#include "gateway/admin/health_api.h"
#include "tests/support/recorded_reply.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace delta;
using delta::admin::HealthApi;
using delta::admin::HealthReport;
using delta::test::RecordedReply;
using delta::test::ReplyRecord;

namespace {

using Member = void (HealthApi::*)(ports::HttpReply &) const;

ReplyRecord ask(Member member, const HealthReport &report)
{
    ReplyRecord record;
    RecordedReply reply(record);
    const HealthApi api([report] { return report; });
    (api.*member)(reply);
    return record;
}

QJsonObject bodyOf(const ReplyRecord &record)
{
    return QJsonDocument::fromJson(record.body).object();
}

} // namespace

class HealthApiTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void isReadyWhileKnownKeysCanCall_data();
    void isReadyWhileKnownKeysCanCall();
    void isAliveWhateverHappens();
    void asksAnewEveryTime();
};

void HealthApiTest::isReadyWhileKnownKeysCanCall_data()
{
    QTest::addColumn<bool>("acceptsCalls");
    QTest::addColumn<bool>("hasStore");
    QTest::addColumn<bool>("hasJournal");
    QTest::addColumn<QString>("reason");
    QTest::newRow("all is well") << true << true << true << u""_s;
    QTest::newRow("draining") << false << true << true << u"draining"_s;
    QTest::newRow("no store") << true << false << true << u"the disk is \"full\""_s;
    QTest::newRow("no journal") << true << true << false << u""_s;
    QTest::newRow("nothing works") << false << false << false << u"starting"_s;
}

void HealthApiTest::isReadyWhileKnownKeysCanCall()
{
    QFETCH(const bool, acceptsCalls);
    QFETCH(const bool, hasStore);
    QFETCH(const bool, hasJournal);
    QFETCH(const QString, reason);
    const HealthReport report{acceptsCalls, hasStore, hasJournal, true, reason};
    const bool isReady = acceptsCalls && hasJournal; // The journal keeps what no store takes.

    const ReplyRecord readiness = ask(&HealthApi::readiness, report);
    QCOMPARE(readiness.status, isReady ? 200 : 503);
    QCOMPARE(readiness.ends, 1);
    const QJsonObject body = bodyOf(readiness);
    QCOMPARE(body.value("status"_L1).toString(), isReady && hasStore ? u"ok"_s : u"degraded"_s);
    const QJsonObject checks = body.value("checks"_L1).toObject();
    QCOMPARE(checks.value("database"_L1).toBool(), hasStore);
    QCOMPARE(checks.value("journal"_L1).toBool(), hasJournal);
    QCOMPARE(body.value("reason"_L1).toString(), reason);
    QCOMPARE(body.contains("reason"_L1), !reason.isEmpty());

    const ReplyRecord health = ask(&HealthApi::health, report);
    QCOMPARE(health.status, readiness.status);
    QCOMPARE(bodyOf(health).value("readiness"_L1).toObject(), body);
    QCOMPARE(bodyOf(health).value("liveliness"_L1).toString(), u"ok"_s);
}

void HealthApiTest::isAliveWhateverHappens()
{
    const ReplyRecord record = ask(&HealthApi::liveliness, HealthReport());
    QCOMPARE(record.status, 200);
    QCOMPARE(record.ends, 1);
    QCOMPARE(bodyOf(record).value("status"_L1).toString(), u"ok"_s);
    QCOMPARE(record.fields, (ports::HeaderList{{"content-type", "application/json"}}));
}

void HealthApiTest::asksAnewEveryTime()
{
    HealthReport report{true, true, true, true, {}};
    const HealthApi api([&report] { return report; });
    ReplyRecord before;
    RecordedReply first(before);
    api.readiness(first);
    report.hasJournal = false;
    ReplyRecord after;
    RecordedReply second(after);
    api.readiness(second);
    QCOMPARE(before.status, 200);
    QCOMPARE(after.status, 503);
}

QTEST_APPLESS_MAIN(HealthApiTest)
#include "tst_health_api.moc"
