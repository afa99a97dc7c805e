// labels: unit fault
#include "gateway/net/side_caller.h"
#include "tests/support/mail_server.h"
#include "tests/support/scripted_server.h"
#include "tests/support/tls_files.h"

#include <QTest>

#include <chrono>
#include <thread>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::net;
using delta::test::RunningMailServer;
using delta::test::ScriptedPeer;
using delta::test::ScriptedServer;
using delta::test::TlsFiles;

namespace {

const QString mailScript = QStringLiteral(DELTA_SOURCE_DIR "/tests/support/mail_server.py");
const QByteArray message = "Subject: Hello\r\n\r\n.a line that begins with a stop\r\nthe end\r\n";

SidePost postTo(const ScriptedServer &server, const QByteArray &scheme = "http")
{
    return {
        Secret(scheme + "://127.0.0.1:" + QByteArray::number(server.port()) + "/secret-hook?a=b"),
        {{"Content-Type", "application/json"}, {"X-Test", "yes"}},
        "{\"text\":\"hi\"}"};
}

SideMail mailTo(const RunningMailServer &server)
{
    SideMail mail;
    mail.server.host = "localhost";
    mail.server.port = server.port();
    mail.from = "gateway@example.com";
    mail.to = {"<a@example.com>", "<b@example.com>"};
    mail.message = message;
    return mail;
}

/// Answers every request with the same bytes.
ScriptedServer::Script answering(const QByteArray &answer)
{
    return [answer](ScriptedPeer &peer) {
        while (peer.readRequest()) {
            peer.send(answer);
        }
    };
}

} // namespace

class SideCallerTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void postsABodyWithItsFields();
    void saysWhatItWasAnswered();
    void hearsWhenToTryAgain();
    void followsNoRedirect();
    void asksNoProxy();
    void returnsEveryAnswerToAQuestion_data();
    void returnsEveryAnswerToAQuestion();
    void asksByPostToo();
    void takesNoAnswerWithoutEnd();
    void writesNoFieldOfTwoLines();
    void tellsNobodyThePathOfTheUrl();
    void trustsNobodyUnknown();
    void trustsWhomItIsToldTo();
    void endsWhenTheTimeIsUp();
    void endsWhenItIsStopped();
    void handsAMessageOver();
    void stopsAtNoRecipientWhoIsRefused();
    void failsIfTheMessageIsForNobody();
    void encryptsBeforeItSaysAnything();
    void sendsNothingWithoutEncryption();
    void speaksTlsFromTheFirstByte();
    void trustsNoUnknownMailServer();
    void saysWhoSends();
    void saysThatAPasswordIsWrong();
    void knowsThisMachine_data();
    void knowsThisMachine();

private:
    const SideCaller m_caller{{}, {}};
    const TlsFiles m_tls;
};

void SideCallerTest::postsABodyWithItsFields()
{
    ScriptedServer server(answering("HTTP/1.1 204 No Content\r\n\r\n"));
    QVERIFY(m_caller.post(postTo(server)));
    const auto requests = server.requests();
    QCOMPARE(requests.size(), 1U);
    QCOMPARE(requests[0].requestLine(), "POST /secret-hook?a=b HTTP/1.1"_ba);
    QCOMPARE(requests[0].field("content-type"), "application/json"_ba);
    QCOMPARE(requests[0].field("x-test"), "yes"_ba);
    QVERIFY(requests[0].field("user-agent").startsWith("deltallm-gateway/"));
    QCOMPARE(requests[0].body, "{\"text\":\"hi\"}"_ba);
}

void SideCallerTest::saysWhatItWasAnswered()
{
    ScriptedServer server(
        answering("HTTP/1.1 404 Not Found\r\nContent-Length: 10\r\n\r\nno_service"));
    const auto sent = m_caller.post(postTo(server));
    QVERIFY(!sent);
    QCOMPARE(sent.error().reason, u"it answered 404: 'no_service'"_s);
    QVERIFY(!sent.error().retryAfter);
}

void SideCallerTest::hearsWhenToTryAgain()
{
    ScriptedServer server(answering(
        "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 90\r\nContent-Length: 0\r\n\r\n"));
    const auto sent = m_caller.post(postTo(server));
    QVERIFY(!sent);
    QCOMPARE(sent.error().reason, u"it answered 429"_s);
    QVERIFY(sent.error().retryAfter == std::chrono::seconds(90));
}

void SideCallerTest::followsNoRedirect()
{
    ScriptedServer target(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    ScriptedServer server(answering("HTTP/1.1 307 Temporary Redirect\r\nLocation: http://127.0.0.1:"
                                    + QByteArray::number(target.port())
                                    + "/\r\nContent-Length: 0\r\n\r\n"));
    const auto sent = m_caller.post(postTo(server));
    QVERIFY(!sent);
    QCOMPARE(sent.error().reason, u"it answered 307"_s);
    QCOMPARE(target.connectionCount(), 0);
}

void SideCallerTest::asksNoProxy()
{
    ScriptedServer proxy(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    qputenv("http_proxy", "http://127.0.0.1:" + QByteArray::number(proxy.port()));
    const bool isSent = m_caller.post(postTo(server)).has_value();
    qunsetenv("http_proxy");
    QVERIFY(isSent);
    QCOMPARE(proxy.connectionCount(), 0);
    QCOMPARE(server.connectionCount(), 1);
}

void SideCallerTest::returnsEveryAnswerToAQuestion_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {200, 204, 307, 403, 503}) {
        QTest::addRow("%d", status) << status;
    }
}

void SideCallerTest::returnsEveryAnswerToAQuestion()
{
    QFETCH(int, status);
    const QByteArray body = status == 204 ? QByteArray() : QByteArray(3'000, 'b');
    ScriptedServer server(answering("HTTP/1.1 " + QByteArray::number(status)
                                    + " Word\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: "
                                    + QByteArray::number(body.size()) + "\r\n\r\n" + body));
    const SideRequest question{"GET", postTo(server).url, {{"X-Test", "yes"}}};
    const auto answer = m_caller.ask(question);
    QVERIFY2(answer, answer ? "" : qPrintable(answer.error().reason));
    QCOMPARE(answer->status, status);
    QCOMPARE(answer->body.reveal(), body);
    const auto requests = server.requests();
    QCOMPARE(requests.size(), 1U);
    QCOMPARE(requests[0].requestLine(), "GET /secret-hook?a=b HTTP/1.1"_ba);
    QCOMPARE(requests[0].field("x-test"), "yes"_ba);
    QVERIFY(requests[0].body.isEmpty());
}

void SideCallerTest::asksByPostToo()
{
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    const auto answer = m_caller.ask({"POST", postTo(server).url, {}, Secret("a=b")});
    QVERIFY(answer);
    QCOMPARE(answer->body.reveal(), "ok"_ba);
    const auto requests = server.requests();
    QCOMPARE(requests.size(), 1U);
    QCOMPARE(requests[0].requestLine(), "POST /secret-hook?a=b HTTP/1.1"_ba);
    QCOMPARE(requests[0].body, "a=b"_ba);
}

void SideCallerTest::takesNoAnswerWithoutEnd()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        if (peer.readRequest()) {
            peer.send("HTTP/1.1 200 OK\r\n\r\n");
            const QByteArray piece(64 << 10, 'e');
            while (peer.send(piece)) { }
        }
    });
    QVERIFY(!m_caller.ask({"GET", postTo(server).url}));
}

void SideCallerTest::writesNoFieldOfTwoLines()
{
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
    for (const char *value : {"a\r\nb: c", "a\nb", "a\rb"}) {
        QVERIFY(!m_caller.ask({"GET", postTo(server).url, {{"X-Token", value}}}));
    }
    QCOMPARE(server.connectionCount(), 0);
}

void SideCallerTest::tellsNobodyThePathOfTheUrl()
{
    SidePost post;
    post.url = Secret("http://127.0.0.1:1/secret-hook");
    const auto refused = m_caller.post(post);
    QVERIFY(!refused);
    QVERIFY2(!refused.error().reason.isEmpty() && !refused.error().reason.contains(u"secret-hook"),
             qPrintable(refused.error().reason));
    post.url = Secret("file:///etc/hostname?secret-hook");
    const auto other = m_caller.post(post);
    QVERIFY(!other);
    QVERIFY2(!other.error().reason.contains(u"secret-hook"), qPrintable(other.error().reason));
}

void SideCallerTest::trustsNobodyUnknown()
{
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                          {m_tls.localhost()});
    QVERIFY(!m_caller.post(postTo(server, "https")));
    QVERIFY(server.requests().empty());
}

void SideCallerTest::trustsWhomItIsToldTo()
{
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                          {m_tls.localhost()});
    const SideCaller caller({.caFile = m_tls.caFile()}, {});
    const auto sent = caller.post(postTo(server, "https"));
    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().reason));
    ScriptedServer stranger(answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
                            {m_tls.wrongHost()});
    QVERIFY(!caller.post(postTo(stranger, "https")));
}

void SideCallerTest::endsWhenTheTimeIsUp()
{
    ScriptedServer server([](ScriptedPeer &peer) { peer.waitForClose(); });
    const SideCaller caller({.timeout = std::chrono::milliseconds(200)}, {});
    const auto sent = caller.post(postTo(server));
    QVERIFY(!sent);
    QVERIFY2(sent.error().reason.contains(u"timed out"), qPrintable(sent.error().reason));
}

void SideCallerTest::endsWhenItIsStopped()
{
    std::stop_source stop;
    ScriptedServer server([&stop](ScriptedPeer &peer) {
        static_cast<void>(peer.readRequest());
        stop.request_stop();
        peer.waitForClose();
    });
    const SideCaller caller({.timeout = std::chrono::minutes(5)}, stop.get_token());
    const auto sent = caller.post(postTo(server));
    QVERIFY(!sent);
    QVERIFY2(sent.error().reason.contains(u"stops"), qPrintable(sent.error().reason));
    QVERIFY(caller.isStopped());
}

void SideCallerTest::handsAMessageOver()
{
    RunningMailServer server(mailScript);
    const auto sent = m_caller.mail(mailTo(server));
    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().reason));
    QCOMPARE(server.messages().size(), 1);
    const QJsonObject taken = server.messages().first();
    QCOMPARE(taken["from"_L1].toString(), u"gateway@example.com"_s);
    QCOMPARE(taken["to"_L1].toArray(), (QJsonArray{u"a@example.com"_s, u"b@example.com"_s}));
    QCOMPARE(taken["data"_L1].toString().toLatin1(), message);
    QVERIFY(!taken["tls"_L1].toBool());
}

void SideCallerTest::stopsAtNoRecipientWhoIsRefused()
{
    RunningMailServer server(mailScript, {u"--refuse"_s, u"a@example.com"_s});
    QVERIFY(m_caller.mail(mailTo(server)));
    QCOMPARE(server.messages().first()["to"_L1].toArray(), QJsonArray{u"b@example.com"_s});
}

void SideCallerTest::failsIfTheMessageIsForNobody()
{
    RunningMailServer server(
        mailScript, {u"--refuse"_s, u"a@example.com"_s, u"--refuse"_s, u"b@example.com"_s});
    const auto sent = m_caller.mail(mailTo(server));
    QVERIFY(!sent);
    QVERIFY2(sent.error().reason.contains(u"550"), qPrintable(sent.error().reason));
}

void SideCallerTest::encryptsBeforeItSaysAnything()
{
    RunningMailServer server(mailScript,
                             {u"--tls"_s, QString::fromLatin1(m_tls.localhost().certificateFile),
                              QString::fromLatin1(m_tls.localhost().keyFile)});
    const SideCaller caller({.caFile = m_tls.caFile()}, {});
    SideMail mail = mailTo(server);
    mail.server.security = MailSecurity::StartTls;
    const auto sent = caller.mail(mail);
    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().reason));
    QVERIFY(server.messages().first()["tls"_L1].toBool());
}

void SideCallerTest::sendsNothingWithoutEncryption()
{
    RunningMailServer server(mailScript); // It offers none.
    SideMail mail = mailTo(server);
    mail.server.security = MailSecurity::StartTls;
    QVERIFY(!m_caller.mail(mail));
    QVERIFY(server.messages().isEmpty());
}

void SideCallerTest::speaksTlsFromTheFirstByte()
{
    RunningMailServer server(mailScript,
                             {u"--implicit"_s, u"--tls"_s,
                              QString::fromLatin1(m_tls.localhost().certificateFile),
                              QString::fromLatin1(m_tls.localhost().keyFile)});
    const SideCaller caller({.caFile = m_tls.caFile()}, {});
    SideMail mail = mailTo(server);
    mail.server.security = MailSecurity::Tls;
    const auto sent = caller.mail(mail);
    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().reason));
    QVERIFY(server.messages().first()["tls"_L1].toBool());
}

void SideCallerTest::trustsNoUnknownMailServer()
{
    RunningMailServer server(mailScript,
                             {u"--tls"_s, QString::fromLatin1(m_tls.localhost().certificateFile),
                              QString::fromLatin1(m_tls.localhost().keyFile)});
    SideMail mail = mailTo(server);
    mail.server.security = MailSecurity::StartTls;
    QVERIFY(!m_caller.mail(mail));
    QVERIFY(server.messages().isEmpty());
}

void SideCallerTest::saysWhoSends()
{
    RunningMailServer server(mailScript,
                             {u"--tls"_s, QString::fromLatin1(m_tls.localhost().certificateFile),
                              QString::fromLatin1(m_tls.localhost().keyFile), u"--user"_s,
                              u"gateway"_s, u"open sesame"_s});
    const SideCaller caller({.caFile = m_tls.caFile()}, {});
    SideMail mail = mailTo(server);
    mail.server.security = MailSecurity::StartTls;
    mail.server.user = "gateway";
    mail.server.password = Secret("open sesame");
    const auto sent = caller.mail(mail);
    QVERIFY2(sent, sent ? "" : qPrintable(sent.error().reason));
    QCOMPARE(server.messages().first()["user"_L1].toString(), u"gateway"_s);
}

void SideCallerTest::saysThatAPasswordIsWrong()
{
    RunningMailServer server(mailScript, {u"--user"_s, u"gateway"_s, u"open sesame"_s});
    SideMail mail = mailTo(server);
    mail.server.user = "gateway";
    mail.server.password = Secret("open barley");
    const auto sent = m_caller.mail(mail);
    QVERIFY(!sent);
    QVERIFY2(sent.error().reason.contains(u"denied"), qPrintable(sent.error().reason));
    QVERIFY(!sent.error().reason.contains(u"barley"));
    QVERIFY(server.messages().isEmpty());
}

void SideCallerTest::knowsThisMachine_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("port");
    QTest::addColumn<int>("security");
    const auto add = [](const char *host, int port, MailSecurity security) {
        QTest::addRow("%s %d", host, port)
            << QByteArray(host) << port << static_cast<int>(security);
    };
    add("localhost", 25, MailSecurity::None);
    add("127.0.0.9", 587, MailSecurity::None);
    add("::1", 25, MailSecurity::None);
    add("localhost", 465, MailSecurity::Tls);
    add("127.example.com", 587, MailSecurity::StartTls);
    add("localhost.example.com", 587, MailSecurity::StartTls);
    add("10.0.0.1", 25, MailSecurity::StartTls);
    add("mail.example.com", 465, MailSecurity::Tls);
}

void SideCallerTest::knowsThisMachine()
{
    QFETCH(const QByteArray, host);
    QFETCH(const int, port);
    QFETCH(const int, security);
    MailServer server;
    server.host = host;
    server.port = port;
    QCOMPARE(static_cast<int>(securityOf(server)), security);
    server.security = MailSecurity::StartTls;
    QCOMPARE(securityOf(server), MailSecurity::StartTls);
}

QTEST_GUILESS_MAIN(SideCallerTest)
#include "tst_side_caller.moc"
