// labels: unit contract hostile
#include "gateway/alerts/email_channel.h"
#include "gateway/alerts/slack_channel.h"
#include "tests/gateway/alerts/alert_fakes.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::alerts;
using delta::alerts::test::sampleAlert;

namespace {

EmailSettings sampleEmail()
{
    EmailSettings settings;
    settings.from = {u"Gateway"_s, "gateway@example.com"};
    settings.to = {{{}, "a@example.com"}, {u"Night Shift"_s, "b@example.com"}};
    return settings;
}

QByteArray mailOf(const BudgetAlert &alert)
{
    return emailMessage(sampleEmail(), {alert, alert.toEvent(), alert.createdAt});
}

QJsonObject objectOf(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

} // namespace

/// What people read, and what programs read.
class MessagesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void saysInASentenceWhatHasHappened_data();
    void saysInASentenceWhatHasHappened();
    void writesTheEventThatWebhooksGet();
    void readsAnEventAsItWasWritten();
    void refusesAnEventThatItDoesNotUnderstand();
    void writesAChatMessage();
    void callsNobodyInAChat();
    void writesAMail();
    void writesAMailThatNothingCanBeAddedTo();
};

void MessagesTest::saysInASentenceWhatHasHappened_data()
{
    QTest::addColumn<QString>("threshold");
    QTest::addColumn<QString>("expected");
    QTest::newRow("80")
        << u"80"_s
        << u"80 % of the budget 'b1' of team 'sales' is spent: 8.5 USD of 10 USD per "
           "1mo. It begins anew at 2026-12-01 00:00:00 UTC."_s;
    QTest::newRow("100")
        << u"100"_s
        << u"The budget 'b1' of team 'sales' is used up: 8.5 USD of 10 USD per 1mo. "
           "Calls that it counts are refused. It begins anew at 2026-12-01 00:00:00 "
           "UTC."_s;
    QTest::newRow("soft")
        << u"soft"_s
        << u"The soft limit of the budget 'b1' of team 'sales' is reached: 8.5 USD "
           "of 8 USD per 1mo. It begins anew at 2026-12-01 00:00:00 UTC."_s;
}

void MessagesTest::saysInASentenceWhatHasHappened()
{
    QFETCH(const QString, threshold);
    QFETCH(const QString, expected);
    QCOMPARE(sampleAlert(threshold).message(), expected);
}

void MessagesTest::writesTheEventThatWebhooksGet()
{
    const QByteArray event = sampleAlert().toEvent();
    QVERIFY(!event.contains('\n'));
    const QJsonObject expected{{u"event"_s, u"budget_alert"_s},
                               {u"id"_s, u"alert_1"_s},
                               {u"created_at"_s, u"2026-11-28T00:00:00.123Z"_s},
                               {u"instance"_s, u"Kitchen"_s},
                               {u"threshold"_s, u"80"_s},
                               {u"message"_s, sampleAlert().message()},
                               {u"budget_id"_s, u"b1"_s},
                               {u"scope"_s, u"team"_s},
                               {u"scope_id"_s, u"sales"_s},
                               {u"member_id"_s, QJsonValue::Null},
                               {u"max_budget"_s, 10},
                               {u"soft_budget"_s, 8},
                               {u"budget_duration"_s, u"1mo"_s},
                               {u"budget_reset"_s, u"calendar"_s},
                               {u"timezone"_s, u"UTC"_s},
                               {u"temp_budget_increase"_s, 0},
                               {u"temp_budget_expiry"_s, QJsonValue::Null},
                               {u"spend"_s, 8.5},
                               {u"limit"_s, 10},
                               {u"window_start"_s, u"2026-11-01T00:00:00.000Z"_s},
                               {u"budget_reset_at"_s, u"2026-12-01T00:00:00.000Z"_s}};
    const QJsonObject actual = objectOf(event);
    for (const QString &name : expected.keys() + actual.keys()) {
        QVERIFY2(actual[name] == expected[name], qPrintable(name));
    }
}

void MessagesTest::readsAnEventAsItWasWritten()
{
    const BudgetAlert alert = sampleAlert();
    const auto read = BudgetAlert::fromEvent(alert.toEvent());
    QVERIFY(read);
    QVERIFY(read->budget == alert.budget);
    QCOMPARE(read->spent.nanos(), alert.spent.nanos());
    QVERIFY(read->limit == alert.limit && read->renewsAt == alert.renewsAt);
    QCOMPARE(read->toEvent(), alert.toEvent());
    BudgetAlert bare;
    bare.event = QString(testEvent);
    QVERIFY(BudgetAlert::fromEvent(bare.toEvent())->isTest());
}

void MessagesTest::refusesAnEventThatItDoesNotUnderstand()
{
    QVERIFY(!BudgetAlert::fromEvent("{\"event\":\"budget_alert\",\"mood\":\"good\"}"));
    QVERIFY(!BudgetAlert::fromEvent("{\"spend\":\"much\"}"));
}

void MessagesTest::writesAChatMessage()
{
    const QJsonObject body = objectOf(slackBody(sampleAlert()));
    QCOMPARE(body["text"_L1].toString(), sampleAlert().message());
    const QJsonObject attachment = body["attachments"_L1].toArray().first().toObject();
    QCOMPARE(attachment["color"_L1].toString(), u"warning"_s);
    QCOMPARE(attachment["ts"_L1].toInteger(), 1'795'824'000LL);
    QCOMPARE(attachment["fields"_L1].toArray().size(), 4);
    QCOMPARE(attachment["fields"_L1].toArray().first().toObject()["value"_L1].toString(),
             u"8.5 USD"_s);
    const QJsonObject end = objectOf(slackBody(sampleAlert(u"100"_s)));
    QCOMPARE(end["attachments"_L1].toArray().first().toObject()["color"_L1].toString(),
             u"danger"_s);
}

void MessagesTest::callsNobodyInAChat()
{
    BudgetAlert alert = sampleAlert();
    alert.budget.scopeId = u"<!channel> & <https://evil.example.com|sales>"_s;
    alert.instance = u"<@U123>"_s;
    const QString text = QString::fromUtf8(slackBody(alert));
    QVERIFY2(!text.contains(u'<') && !text.contains(u'>'), qPrintable(text));
    QVERIFY(text.contains("&lt;!channel&gt; &amp; "_L1));
}

void MessagesTest::writesAMail()
{
    const QByteArray mail = mailOf(sampleAlert());
    const qsizetype end = mail.indexOf("\r\n\r\n");
    const QByteArray head = mail.first(end);
    QCOMPARE(head,
             "Date: 28 Nov 2026 00:00:00 +0000\r\n"
             "From: Gateway <gateway@example.com>\r\n"
             "To: a@example.com,\r\n Night Shift <b@example.com>\r\n"
             "Subject: [Kitchen] 80 % of the budget 'b1' of team 'sales' is spent\r\n"
             "Message-ID: <alert_1@example.com>\r\n"
             "Auto-Submitted: auto-generated\r\n"
             "X-DeltaLLM-Alert-Id: alert_1\r\n"
             "MIME-Version: 1.0\r\n"
             "Content-Type: text/plain; charset=utf-8\r\n"
             "Content-Transfer-Encoding: base64"_ba);
    QByteArray body = mail.sliced(end + 4);
    for (const QByteArray &line : body.split('\n')) {
        QVERIFY(line.size() <= 77 && (line.isEmpty() || line.endsWith('\r')));
    }
    body = QByteArray::fromBase64(body.replace("\r\n", ""));
    QVERIFY2(body.startsWith(sampleAlert().message().toUtf8()), body.constData());
    QVERIFY(body.contains("Spent:      8.5 USD\r\nLimit:      10 USD\r\nSoft limit: 8 USD\r\n"));
}

void MessagesTest::writesAMailThatNothingCanBeAddedTo()
{
    BudgetAlert alert = sampleAlert();
    alert.instance = u"x\r\nBcc: everybody@example.com"_s;
    alert.budget.scopeId = u"sales\r\n\r\n.\r\nMAIL FROM:<evil@example.com>"_s;
    alert.budget.id = u"名前"_s.repeated(50);
    const QByteArray mail = mailOf(alert);
    QVERIFY(!mail.contains("Bcc") && !mail.contains("MAIL FROM"));
    for (const QByteArray &line : mail.split('\n')) {
        QVERIFY2(line.size() <= 77 && (line.isEmpty() || line.endsWith('\r')), line.constData());
        QVERIFY(std::ranges::all_of(line, [](char c) { return c > 0; }));
    }
}

QTEST_APPLESS_MAIN(MessagesTest)
#include "tst_messages.moc"
