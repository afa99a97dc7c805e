// labels: unit fault hostile
#include "gateway/secrets/manager_caller.h"
#include "tests/gateway/secrets/manager_rig.h"

#include <QtTest>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::secrets;
using namespace delta::secrets::test;
using namespace std::chrono_literals;
using delta::test::ScriptedPeer;
using delta::test::ScriptedRequest;
using delta::test::ScriptedServer;
using ports::SecretFailure;

namespace {

ManagerQuestion questionTo(const QString &address)
{
    ManagerQuestion question{u"Safe"_s, {"GET", Secret(address.toUtf8() + "/secret-path")}};
    question.request.fields = {{"authorization", "Bearer tell-nobody"}};
    return question;
}

} // namespace

class ManagerCallerTest final : public QObject
{
    Q_OBJECT

    TurnedClock m_clock;

private Q_SLOTS:
    void returnsTheObjectOfAnAnswer()
    {
        const ManagerServer server([](const ScriptedRequest &request) {
            return request.field("authorization") == "Bearer tell-nobody"
                ? reply(200, "{\"a\":\"b\"}")
                : reply(403, "{}");
        });
        const auto body = ManagerCaller(m_clock).askForObject(questionTo(server.address()));
        QVERIFY(body);
        QCOMPARE(body->value(u"a"_s).toString(), u"b"_s);
    }

    void saysWhatAnAnswerMeans_data()
    {
        QTest::addColumn<QByteArray>("answer");
        QTest::addColumn<QString>("why");
        QTest::addColumn<bool>("mayPass");
        const auto row = [](const char *name, const QByteArray &answer, const QString &why,
                            bool mayPass) { QTest::newRow(name) << answer << why << mayPass; };
        const QString credentials = u"refuses it (%1): are the credentials good"_s;
        const QString protocol = u"answers something that is not of its protocol"_s;
        row("401", reply(401, "{}"), credentials.arg(401), false);
        row("403", reply(403, "{\"errors\":[\"no\"]}"), credentials.arg(403), false);
        row("404", reply(404, "{}"), u"does not have it (404)"_s, false);
        row("400", reply(400, "{}"), u"refuses it with the status 400"_s, false);
        row("429", reply(429, "{}"), u"cannot answer now, its status is 429; try again"_s, true);
        row("500", reply(500, "{}"), u"cannot answer now, its status is 500"_s, true);
        row("503", reply(503, "busy"), u"cannot answer now, its status is 503"_s, true);
        row("a redirect", reply(302, "{}", "Location: http://127.0.0.1:1/\r\n"),
            u"sends elsewhere (302), which is not followed"_s, false);
        row("a page", reply(200, "<html>Log in</html>"), protocol, false);
        row("half an object", reply(200, "{\"a\":"), protocol, false);
        row("a list", reply(200, "[1]"), protocol, false);
        row("nothing", reply(200, ""), protocol, false);
        row("204", reply(204, ""), u"refuses it with the status 204"_s, false);
        row("too much", reply(200, QByteArray((1 << 20) + 1, ' ')), u"cannot be asked"_s, true);
        row("no HTTP", "SSH-2.0-x\r\n", u"cannot be asked"_s, true);
    }

    void saysWhatAnAnswerMeans()
    {
        QFETCH(QByteArray, answer);
        QFETCH(QString, why);
        QFETCH(bool, mayPass);
        const ScriptedServer server([&answer](ScriptedPeer &peer) {
            if (peer.readRequest()) {
                peer.send(answer);
            }
        });
        const QString address = u"http://127.0.0.1:%1"_s.arg(server.port());
        const auto body = ManagerCaller(m_clock).askForObject(questionTo(address));
        QVERIFY(!body);
        const QString reason = body.error().reason;
        QVERIFY2(reason.startsWith(u"Safe "_s) && reason.contains(why), qPrintable(reason));
        QVERIFY2(!reason.contains(u"tell-nobody"_s) && !reason.contains(u"secret-path"_s),
                 qPrintable(reason));
        QCOMPARE(body.error().kind == SecretFailure::Kind::Passing, mayPass);
    }

    void waitsForNobodyWhoIsSilent()
    {
        const ScriptedServer server([](ScriptedPeer &peer) { peer.waitForClose(); });
        const ManagerCaller caller(m_clock);
        m_clock.turn(14'800ms); // Of 15 s, so that the test need not wait for 5.
        const auto body = caller.askForObject(
            questionTo(u"http://127.0.0.1:%1"_s.arg(server.port())));
        QVERIFY(!body);
        QVERIFY2(body.error().reason.startsWith(u"Safe cannot be asked: "_s),
                 qPrintable(body.error().reason));
        QCOMPARE(body.error().kind, SecretFailure::Kind::Passing);
    }

    void asksNobodyOnceTheTimeIsUp()
    {
        const ManagerServer server([](const ScriptedRequest &) { return reply(200, "{\"a\":1}"); });
        const ManagerCaller caller(m_clock);
        m_clock.turn(15s);
        const auto body = caller.askForObject(questionTo(server.address()));
        QVERIFY(!body);
        QCOMPARE(body.error().reason,
                 u"Safe was not asked: secret managers have taken all of the 15 s that they may"_s);
        QCOMPARE(server.count(), 0U);
    }

    void takesSafeAddressesOnly_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("address");
        const QString none;
        QTest::newRow("https") << u"https://a.example.com/"_s << u"https://a.example.com"_s;
        QTest::newRow("a path") << u"https://a.example/b/"_s << u"https://a.example/b"_s;
        QTest::newRow("here") << u"http://127.0.0.1:8200"_s << u"http://127.0.0.1:8200"_s;
        QTest::newRow("here by name") << u"http://localhost"_s << u"http://localhost"_s;
        QTest::newRow("here in IPv6") << u"http://[::1]:1"_s << u"http://[::1]:1"_s;
        QTest::newRow("http elsewhere") << u"http://a.example.com"_s << none;
        QTest::newRow("a name like this machine's") << u"http://localhost.example.com"_s << none;
        QTest::newRow("another scheme") << u"ftp://a.example.com"_s << none;
        QTest::newRow("a file") << u"file:///etc/passwd"_s << none;
        QTest::newRow("a user") << u"https://user@a.example.com"_s << none;
        QTest::newRow("a query") << u"https://a.example.com/?b"_s << none;
        QTest::newRow("no host") << u"https://"_s << none;
        QTest::newRow("nothing") << QString() << none;
    }

    void takesSafeAddressesOnly()
    {
        QFETCH(QString, text);
        QFETCH(QString, address);
        const auto safe = safeAddress(text, u"ADDR"_s);
        QCOMPARE(safe.value_or(QString()), address);
        QVERIFY(safe || safe.error().reason.startsWith(u"ADDR must be an address"_s));
    }
};

QTEST_GUILESS_MAIN(ManagerCallerTest)
#include "tst_manager_caller.moc"
