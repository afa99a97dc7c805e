// labels: unit fault hostile
#include "gateway/net/queued_mailer.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "tests/support/mail_server.h"
#include "tests/support/scripted_server.h"
#include "tests/support/scripted_wait.h"

#include <QRegularExpression>
#include <QTest>

#include <atomic>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::net;
using delta::test::eventually;
using delta::test::RunningMailServer;
using delta::test::ScriptedPeer;
using delta::test::ScriptedServer;

namespace {

const QString mailScript = QStringLiteral(DELTA_SOURCE_DIR "/tests/support/mail_server.py");

MailerSettings at(int port)
{
    MailerSettings settings;
    settings.server.host = "127.0.0.1";
    settings.server.port = port;
    settings.from = {u"Küche"_s, "gateway@example.com"};
    return settings;
}

ports::Mail letterTo(const QByteArray &to)
{
    return {to, u"An invitation"_s, u"Follow this:\nhttps://gateway.example.com/#token=abc\n"_s};
}

QString textOf(const QJsonObject &message)
{
    const QByteArray data = message[u"data"].toString().toLatin1();
    return QString::fromUtf8(QByteArray::fromBase64(data.sliced(data.indexOf("\r\n\r\n"))));
}

} // namespace

class QueuedMailerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sendsALetter()
    {
        const RunningMailServer server(mailScript);
        QueuedMailer mailer(at(server.port()), m_parts);
        QVERIFY(mailer.post(letterTo("ada@example.com")));
        QVERIFY(eventually([&] { return server.messages().size() == 1; }));
        const QJsonObject message = server.messages().constFirst();
        QCOMPARE(message[u"from"].toString(), u"gateway@example.com"_s);
        QCOMPARE(message[u"to"].toArray(), QJsonArray{u"ada@example.com"_s});
        QCOMPARE(textOf(message), u"Follow this:\r\nhttps://gateway.example.com/#token=abc\r\n"_s);
        QVERIFY(message[u"data"].toString().contains(u"\r\nSubject: An invitation\r\n"_s));
        QVERIFY(message[u"data"].toString().contains(u"Message-ID: <letter_"_s));
    }

    void triesAgainWhatWasNotTaken()
    {
        std::atomic<int> calls = 0;
        ScriptedServer server([&calls](ScriptedPeer &peer) {
            ++calls;
            peer.send("421 not now\r\n");
        });
        {
            QueuedMailer mailer(at(server.port()), m_parts, {.mostAttempts = 3, .firstPause = 1ms});
            for (int attempt = 1; attempt <= 3; ++attempt) {
                QTest::ignoreMessage(
                    QtWarningMsg,
                    QRegularExpression(
                        u"^a letter has not been taken%1: letter_\\w+,"
                        " attempt %2: [^@]*$"_s.arg(attempt == 3 ? u", and is lost"_s : QString())
                            .arg(attempt)));
            }
            QVERIFY(mailer.post(letterTo("ada@example.com")));
            QVERIFY(eventually([&] { return calls.load() == 3; }));
        }
        QCOMPARE(calls.load(), 3);
    }

    void letsNoLetterHoldUpAnother()
    {
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"not been taken: .*550"_s));
        QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"and is lost: .*550"_s));
        const RunningMailServer server(mailScript, {u"--refuse"_s, u"gone@example.com"_s});
        QueuedMailer mailer(at(server.port()), m_parts);
        QVERIFY(mailer.post(letterTo("gone@example.com")));
        QVERIFY(mailer.post(letterTo("ada@example.com")));
        QVERIFY(eventually([&] { return server.messages().size() == 1; }));
    }

    void sendsWhatWaitsBeforeItEnds()
    {
        const RunningMailServer server(mailScript);
        QueuedMailer mailer(at(server.port()), m_parts);
        for (int number = 0; number < 5; ++number) {
            QVERIFY(mailer.post(letterTo("ada@example.com")));
        }
        mailer.finish();
        QCOMPARE(server.messages().size(), 5);
        QVERIFY(!mailer.post(letterTo("ada@example.com")));
    }

    void endsInTimeIfTheServerIsSilent()
    {
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"and is lost: .*the gateway stops"_s));
        QTest::ignoreMessage(QtWarningMsg,
                             "2 letters are lost that the mail server had no time for");
        ScriptedServer silent([](ScriptedPeer &peer) { peer.waitForClose(); });
        QueuedMailer mailer(at(silent.port()), m_parts, {.atTheEnd = 50ms});
        for (int number = 0; number < 3; ++number) {
            QVERIFY(mailer.post(letterTo("ada@example.com")));
        }
        QVERIFY(eventually([&] { return silent.connectionCount() == 1; }));
        mailer.finish();
    }

    void takesNoMoreThanItHasRoomFor()
    {
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"and is lost: .*the gateway stops"_s));
        QTest::ignoreMessage(QtWarningMsg,
                             "2 letters are lost that the mail server had no time for");
        ScriptedServer silent([](ScriptedPeer &peer) { peer.waitForClose(); });
        QueuedMailer mailer(at(silent.port()), m_parts, {.mostWaiting = 2, .atTheEnd = 0ms});
        QVERIFY(mailer.post(letterTo("ada@example.com")));
        QVERIFY(
            eventually([&] { return silent.connectionCount() == 1; })); // Nothing waits any more.
        QVERIFY(mailer.post(letterTo("ada@example.com")));
        QVERIFY(mailer.post(letterTo("ada@example.com")));
        QVERIFY(!mailer.post(letterTo("ada@example.com")));
    }

    void takesNoLetterToWhatIsNoAddress_data()
    {
        QTest::addColumn<QByteArray>("address");
        for (const char *address :
             {"", "ada", "Ada <ada@example.com>", "ada@example.com, x@example.com",
              "ada@example.com>\r\nRCPT TO:<x@example.com", "öda@example.com"}) {
            QTest::newRow(address) << QByteArray(address);
        }
    }
    void takesNoLetterToWhatIsNoAddress()
    {
        QFETCH(const QByteArray, address);
        QueuedMailer mailer(at(1), m_parts);
        QVERIFY(!mailer.post(letterTo(address)));
    }

private:
    SystemClock m_clock;
    SystemRandom m_random;
    const QueuedMailer::Parts m_parts{m_clock, m_random};
};

QTEST_GUILESS_MAIN(QueuedMailerTest)
#include "tst_queued_mailer.moc"
