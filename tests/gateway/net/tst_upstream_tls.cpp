// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

#include <openssl/ssl.h>

using namespace delta;
using namespace delta::test;
using namespace std::chrono_literals;
using ports::UpstreamFault;

/// How both clients speak TLS.
class UpstreamTlsTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void talksToAProviderItCanTrust_data();
    void talksToAProviderItCanTrust();
    void resumesItsSession_data();
    void resumesItsSession();
    void countsTheHandshakeAsConnecting();
    void acceptsAMissingEndMarkAfterACompleteBody();
    void refusesAMissingEndMarkWhereItTellsTheEnd();
    void acceptsABodyThatEndsWithTheEndMark();
    void movesLargeBodies();
    void holdsTheProviderBackWhilePaused();
    void takesNoAnswerThatCameUnasked();
    void repeatsARequestThatMetAClosingConnection();
    void doesNotRepeatWhatTheProviderReadBeforeItReset();
    void cancelsInTheHandshake();

private:
    [[nodiscard]] net::UpstreamSettings trusting() const
    {
        return {.caFile = m_files.caFile()};
    }

    TlsFiles m_files;
};

void UpstreamTlsTest::initTestCase_data()
{
    addClientKinds();
}

void UpstreamTlsTest::talksToAProviderItCanTrust_data()
{
    QTest::addColumn<QByteArray>("host");
    QTest::addColumn<int>("version");
    QTest::addColumn<QByteArray>("serverName");
    QTest::newRow("by name, TLS 1.3")
        << QByteArray("localhost") << TLS1_3_VERSION << QByteArray("localhost");
    QTest::newRow("by name, TLS 1.2")
        << QByteArray("localhost") << TLS1_2_VERSION << QByteArray("localhost");
    QTest::newRow("by address") << QByteArray("127.0.0.1") << TLS1_3_VERSION << QByteArray();
}

void UpstreamTlsTest::talksToAProviderItCanTrust()
{
    QFETCH(const QByteArray, host);
    QFETCH(const int, version);
    QFETCH(const QByteArray, serverName);
    ScriptedServer server(answering(okResponse),
                          {.identity = m_files.localhost(), .maxVersion = version});
    UpstreamFixture client(trusting());
    for (int round = 0; round < 3; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(tlsRequestTo(server.port(), host), sink));
        QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
        QCOMPARE(sink.body, "ok");
    }
    QCOMPARE(server.connectionCount(), 1);
    QCOMPARE(server.log(0).serverName, serverName);
    QCOMPARE(server.log(0).protocol, "http/1.1");
}

void UpstreamTlsTest::resumesItsSession_data()
{
    QTest::addColumn<int>("version");
    QTest::addColumn<bool>("isCut");
    QTest::newRow("TLS 1.3") << TLS1_3_VERSION << false;
    QTest::newRow("TLS 1.2") << TLS1_2_VERSION << false;
    QTest::newRow("TLS 1.3, provider closes without end mark") << TLS1_3_VERSION << true;
}

void UpstreamTlsTest::resumesItsSession()
{
    QFETCH(const int, version);
    QFETCH(const bool, isCut);
    QFETCH_GLOBAL(const ClientKind, kind);
    if (isCut && kind == ClientKind::Curl) {
        QSKIP("libcurl lets OpenSSL forget such sessions");
    }
    ScriptedServer server(
        [isCut](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
            if (isCut) {
                peer.cut();
            }
        },
        {.identity = m_files.localhost(), .maxVersion = version});
    UpstreamFixture client(trusting());
    for (int round = 0; round < 3; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(tlsRequestTo(server.port()), sink));
        QCOMPARE(sink.body, "ok");
    }
    QVERIFY(eventually([&] { return server.log(2).isTlsEstablished; }));
    QVERIFY(!server.log(0).isTlsResumed);
    QVERIFY(server.log(1).isTlsResumed);
    QVERIFY(server.log(2).isTlsResumed);
}

void UpstreamTlsTest::countsTheHandshakeAsConnecting()
{
    ScriptedServer server([](ScriptedPeer &peer) { peer.waitForClose(); });
    UpstreamFixture client(trusting());
    RecordingSink sink;
    ports::UpstreamRequest request = tlsRequestTo(server.port());
    request.timeouts.connect = 60ms;
    QVERIFY(client.run(request, sink));
    QCOMPARE(sink.error.value().fault, UpstreamFault::ConnectTimeout);
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
}

void UpstreamTlsTest::acceptsAMissingEndMarkAfterACompleteBody()
{
    ScriptedServer server(
        [](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send(okResponse);
            peer.cut();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    for (int round = 0; round < 2; ++round) {
        RecordingSink sink;
        QVERIFY(client.run(tlsRequestTo(server.port()), sink));
        QVERIFY(!sink.error);
        QCOMPARE(sink.body, "ok");
        QVERIFY(eventually([&] { return server.connectionCount() == round + 1; }));
        QTest::qWait(20); // The close arrives, and with it the end of this connection's reuse.
    }
}

void UpstreamTlsTest::refusesAMissingEndMarkWhereItTellsTheEnd()
{
    ScriptedServer server(
        [](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n\r\npart of the tru");
            peer.cut();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    QVERIFY(client.run(tlsRequestTo(server.port()), sink));
    QVERIFY2(sink.error.value().fault == UpstreamFault::Closed, qPrintable(sink.error->detail));
}

void UpstreamTlsTest::acceptsABodyThatEndsWithTheEndMark()
{
    ScriptedServer server(
        [](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\n\r\nall of it");
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    QVERIFY(client.run(tlsRequestTo(server.port()), sink));
    QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
    QCOMPARE(sink.body, "all of it");
}

void UpstreamTlsTest::movesLargeBodies()
{
    const QByteArray large(3'000'000, 'y');
    ScriptedServer server(answering("HTTP/1.1 200 OK\r\nContent-Length: 3000000\r\n\r\n" + large),
                          {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    ports::UpstreamRequest request = tlsRequestTo(server.port());
    request.body = {QByteArray(20'000, 'a'), QByteArray(), QByteArray(3'000'000, 'b')};
    QVERIFY(client.run(request, sink));
    QVERIFY2(!sink.error, qPrintable(sink.error ? sink.error->detail : QString()));
    QVERIFY(sink.body == large);
    QVERIFY(server.requests().at(0).body == request.body[0] + request.body[2]);
}

void UpstreamTlsTest::holdsTheProviderBackWhilePaused()
{
    const QByteArray body(40'000'000, 'x');
    ScriptedServer server(
        [&](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 40000000\r\n\r\n");
            peer.send(body);
            peer.waitForClose();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink sink;
    auto exchange = client.send(tlsRequestTo(server.port()), sink);
    sink.whenBody = [&] { exchange->pause(); };
    QVERIFY(eventually([&] { return sink.pieceCount > 0; }));
    QTest::qWait(200);
    const qsizetype received = sink.body.size();
    QVERIFY2(received <= 128 * 1024, qPrintable(QString::number(received)));
    QVERIFY(server.log(0).sentBytes < body.size());
    sink.whenBody = nullptr;
    exchange->resume();
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QVERIFY(!sink.error);
    QVERIFY(sink.body == body);
}

void UpstreamTlsTest::takesNoAnswerThatCameUnasked()
{
    ScriptedGate gate;
    ScriptedGate sent;
    ScriptedServer server(
        [&](ScriptedPeer &peer) {
            if (peer.index() > 0) {
                answering(okResponse)(peer);
                return;
            }
            peer.readRequest();
            peer.send(okResponse);
            peer.wait(gate);
            peer.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nstolen");
            sent.open();
            peer.waitForClose();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(tlsRequestTo(server.port()), first));
    gate.open();
    sent.waitOpen(); // The loop does not turn, so that nothing has looked at it.
    QVERIFY(client.run(tlsRequestTo(server.port()), second));
    QVERIFY2(!second.error, qPrintable(second.error ? second.error->detail : QString()));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server.connectionCount(), 2);
}

void UpstreamTlsTest::repeatsARequestThatMetAClosingConnection()
{
    ScriptedGate gate;
    ScriptedGate closed;
    ScriptedServer server(
        [&](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send(okResponse);
            if (peer.index() > 0) {
                peer.waitForClose();
                return;
            }
            peer.wait(gate);
            peer.close();
            closed.open();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink first;
    QVERIFY(client.run(tlsRequestTo(server.port()), first));
    gate.open();
    closed.waitOpen(); // The loop does not turn, so that the client cannot know.
    RecordingSink second;
    QVERIFY(client.run(tlsRequestTo(server.port()), second));
    QVERIFY2(!second.error, qPrintable(second.error ? second.error->detail : QString()));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server.connectionCount(), 2);
}

void UpstreamTlsTest::doesNotRepeatWhatTheProviderReadBeforeItReset()
{
    ScriptedServer server(
        [](ScriptedPeer &peer) {
            peer.readRequest();
            peer.send(okResponse);
            if (peer.index() > 0) {
                peer.waitForClose();
                return;
            }
            peer.readRequest();
            peer.reset();
        },
        {.identity = m_files.localhost()});
    UpstreamFixture client(trusting());
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(tlsRequestTo(server.port()), first));
    QVERIFY(client.run(tlsRequestTo(server.port()), second));
    QCOMPARE(second.error.value().fault, UpstreamFault::Closed);
    QCOMPARE(server.requests().size(), 2U);
    QCOMPARE(server.connectionCount(), 1);
}

void UpstreamTlsTest::cancelsInTheHandshake()
{
    ScriptedServer server([](ScriptedPeer &peer) {
        peer.readSome();
        peer.waitForClose();
    });
    UpstreamFixture client(trusting());
    RecordingSink sink;
    auto exchange = client.send(tlsRequestTo(server.port()), sink);
    QVERIFY(eventually([&] { return !server.log(0).received.isEmpty(); }));
    exchange.reset();
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
    QCOMPARE(sink.endCount, 0);
}

DELTA_LOOP_TEST_MAIN(UpstreamTlsTest)
#include "tst_upstream_tls.moc"
