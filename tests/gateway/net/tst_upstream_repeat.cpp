// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

using namespace delta;
using namespace delta::test;
using ports::UpstreamFault;

/// When both clients send a request a second time, and when never.
class UpstreamRepeatTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void repeatsARequestThatMetAClosingConnection_data();
    void repeatsARequestThatMetAClosingConnection();
    void doesNotRepeatWhatTheProviderMayHaveBegun();
    void doesNotRepeatWhatTheProviderReadBeforeItReset();
    void doesNotRepeatAfterTheFirstByteOfAResponse();
    void repeatsASafeRequestOnlyOnce();
};

void UpstreamRepeatTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamRepeatTest::repeatsARequestThatMetAClosingConnection_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("isReset");
    for (const char *method : {"POST", "GET"}) {
        QTest::addRow("%s, closed", method) << QByteArray(method) << false;
        QTest::addRow("%s, reset", method) << QByteArray(method) << true;
    }
}

void UpstreamRepeatTest::repeatsARequestThatMetAClosingConnection()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, isReset);
    ScriptedGate gate;
    ScriptedGate closed;
    ScriptedServer server([&](ScriptedPeer &peer) {
        if (peer.index() > 0) {
            answering(okResponse)(peer);
            return;
        }
        peer.readRequest();
        peer.send(okResponse);
        peer.wait(gate);
        if (isReset) {
            peer.reset();
        } else {
            peer.close();
        }
        closed.open();
    });
    UpstreamFixture client;
    RecordingSink first;
    QVERIFY(client.run(requestTo(server.port()), first));
    // The loop does not turn while the provider closes, so that the client cannot know.
    gate.open();
    closed.waitOpen();
    RecordingSink second;
    ports::UpstreamRequest request = requestTo(server.port());
    request.method = method;
    QVERIFY(client.run(request, second));
    QVERIFY2(!second.error, qPrintable(second.error ? second.error->detail : QString()));
    QCOMPARE(second.body, "ok");
    QCOMPARE(second.endCount, 1);
    QCOMPARE(server.connectionCount(), 2);
    QCOMPARE(server.log(1).requests.at(0).body, "{\"a\":1}");
}

void UpstreamRepeatTest::doesNotRepeatWhatTheProviderMayHaveBegun()
{
    // The second request is read, and then the connection dies: the model may have run.
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send(okResponse);
        peer.readRequest();
    });
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(requestTo(server.port()), first));
    QVERIFY(client.run(requestTo(server.port()), second));
    QCOMPARE(second.error.value().fault, UpstreamFault::Closed);
    QCOMPARE(server.requests().size(), 2U);
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamRepeatTest::doesNotRepeatWhatTheProviderReadBeforeItReset()
{
    // Kernels are in no hurry to acknowledge, and a reset overtakes what they would have said.
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send(okResponse);
        if (peer.index() > 0) {
            peer.waitForClose();
            return;
        }
        peer.readRequest();
        peer.reset();
    });
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(requestTo(server.port()), first));
    QVERIFY(client.run(requestTo(server.port()), second));
    QCOMPARE(server.requests().size(), 2U);
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(second.error.value().fault, UpstreamFault::Closed);
    QCOMPARE(second.endCount, 1);
}

void UpstreamRepeatTest::doesNotRepeatAfterTheFirstByteOfAResponse()
{
    QFETCH_GLOBAL(const ClientKind, kind);
    if (kind == ClientKind::Curl) {
        QSKIP("libcurl does not count half a status line, and repeats requests that are safe to");
    }
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        peer.send(okResponse);
        peer.readRequest();
        peer.send("H");
    });
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(getFrom(server.port()), first));
    QVERIFY(client.run(getFrom(server.port()), second));
    QCOMPARE(second.error.value().fault, UpstreamFault::Closed);
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamRepeatTest::repeatsASafeRequestOnlyOnce()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readRequest();
        if (peer.index() == 0) {
            peer.send(okResponse);
            peer.readRequest();
        }
    });
    UpstreamFixture client;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(getFrom(server.port()), first));
    QVERIFY(client.run(getFrom(server.port()), second));
    QCOMPARE(second.error.value().fault, UpstreamFault::Closed);
    QCOMPARE(server.connectionCount(), 2);
}

DELTA_LOOP_TEST_MAIN(UpstreamRepeatTest)
#include "tst_upstream_repeat.moc"
