// labels: unit db
#include "gateway/alerts/budget_alert.h"
#include "gateway/app/alert_commands.h"
#include "gateway/app/commands.h"
#include "gateway/app/state_folder.h"
#include "gateway/store/alert_outbox.h"
#include "gateway/store/store.h"
#include "tests/gateway/app/command_run.h"
#include "tests/support/scripted_server.h"

#include <QLoggingCategory>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::app;
using delta::app::test::Ran;
using delta::app::test::run;
using delta::test::ScriptedPeer;
using delta::test::ScriptedServer;

class AlertCommandsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void triesEveryChannel();
    void saysWhatIsWrongWithTheConfiguration();
    void readsNothingButWhatConcernsAlerts();
    void saysThatThereIsNoChannel();
    void needsAConfiguration();
    void listsWhatBecameOfAlerts();
    void saysThatThereAreNoAlerts();

private:
    void configure(const QByteArray &text)
    {
        m_options.configFile = m_folder->filePath(u"config.yaml"_s);
        QFile file(m_options.configFile);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(text) == text.size());
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;
    Options m_options;
};

void AlertCommandsTest::initTestCase()
{
    // Qt Test writes messages to the standard output, where only the command's own words count.
    QLoggingCategory::setFilterRules(u"*.info=false"_s);
}

void AlertCommandsTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_options = {};
    m_options.stateDir = m_folder->filePath(u"state"_s);
}

void AlertCommandsTest::triesEveryChannel()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        while (const auto request = peer.readRequest()) {
            peer.send(request->path() == "/hook"
                          ? "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
                          : "HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n");
        }
    });
    const QByteArray url = "http://127.0.0.1:" + QByteArray::number(server.port());
    configure("general_settings:\n  instance_name: Kitchen\n  alerts:\n    webhook: {url: " + url
              + "/hook, secret: s}\n    slack: {url: " + url + "/chat}\n");
    const Ran ran = run(testAlerts, m_options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY2(ran.output.startsWith(u"webhook: delivered, as test_"), qPrintable(ran.output));
    QCOMPARE(ran.errors, u"slack: not delivered: it answered 410\n"_s);
    const QByteArray body = server.requests().front().body;
    QVERIFY(body.contains("\"event\":\"test_alert\"") && body.contains("Kitchen"));
    QVERIFY(!QFile::exists(m_options.stateDir));
}

void AlertCommandsTest::saysWhatIsWrongWithTheConfiguration()
{
    configure("general_settings:\n  alerts: {webhook: {url: nowhere}}\n");
    const Ran ran = run(testAlerts, m_options);
    QCOMPARE(ran.exit, ExitCode::BadConfig);
    QVERIFY2(ran.errors.contains(u"general_settings.alerts.webhook.url: must be a URL"),
             qPrintable(ran.errors));
}

// The environment of the gateway need not be that of its operator.
void AlertCommandsTest::readsNothingButWhatConcernsAlerts()
{
    configure("general_settings:\n  master_key: os.environ/NOBODY_HAS_SET_THIS\n");
    const Ran ran = run(testAlerts, m_options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY2(!ran.errors.contains(u"master_key"), qPrintable(ran.errors));
}

void AlertCommandsTest::saysThatThereIsNoChannel()
{
    configure("general_settings: {}\n");
    const Ran ran = run(testAlerts, m_options);
    QCOMPARE(ran.exit, ExitCode::Failed);
    QVERIFY2(ran.errors.contains(u"general_settings.alerts.webhook.url"), qPrintable(ran.errors));
}

void AlertCommandsTest::needsAConfiguration()
{
    QCOMPARE(run(testAlerts, m_options).exit, ExitCode::Usage);
}

void AlertCommandsTest::listsWhatBecameOfAlerts()
{
    QCOMPARE(run(createKeys, m_options).exit, ExitCode::Ok);
    store::Store store(StateFolder::databaseFileIn(m_options.stateDir), m_clock);
    store::AlertOutbox outbox(store);
    alerts::BudgetAlert alert;
    alert.id = u"alert_1"_s;
    alert.threshold = u"80"_s;
    alert.budget.id = u"b1"_s;
    alert.budget.scopeId = u"k1"_s;
    const WallTime at(std::chrono::milliseconds(1'795'824'000'000));
    QVERIFY(outbox
                .raise({u"b1"_s, u"80"_s, Money(), at, std::nullopt},
                       {alert.id, alert.toEvent(), at, {u"email"_s, u"webhook"_s}})
                .value());
    QVERIFY(outbox.deliver({alert.id, u"email"_s}, at));
    QVERIFY(outbox.postpone({alert.id, u"webhook"_s}, at, u"it answered 500"_s));
    QCOMPARE(
        run(listAlerts, m_options).output,
        u"2026-11-28T00:00:00.000Z  email  delivered  attempts 0  80 % of the budget 'b1' of key "
        "'k1' is spent\n"
        "2026-11-28T00:00:00.000Z  webhook  queued  attempts 0  80 % of the budget 'b1' of key "
        "'k1' is spent  next attempt at 2026-11-28T00:00:00.000Z  it answered 500\n"_s);
    m_options.output = OutputForm::Json;
    const auto objects = run(listAlerts, m_options).objects();
    QCOMPARE(objects.size(), 2);
    QCOMPARE(objects[0]["state"_L1].toString(), u"delivered"_s);
    QVERIFY(objects[0]["due_at"_L1].isNull());
    QCOMPARE(objects[1]["alert_id"_L1].toString(), u"alert_1"_s);
    QCOMPARE(objects[1]["error"_L1].toString(), u"it answered 500"_s);
    QCOMPARE(objects[1]["event"_L1].toObject()["budget_id"_L1].toString(), u"b1"_s);
}

void AlertCommandsTest::saysThatThereAreNoAlerts()
{
    QCOMPARE(run(listAlerts, m_options).exit, ExitCode::Failed); // It makes no store.
    QCOMPARE(run(createKeys, m_options).exit, ExitCode::Ok);
    const Ran ran = run(listAlerts, m_options);
    QCOMPARE(ran.exit, ExitCode::Ok);
    QVERIFY(ran.output.contains(u"alerts test"));
}

QTEST_GUILESS_MAIN(AlertCommandsTest)
#include "tst_alert_commands.moc"
