// labels: unit fault
#include "tests/gateway/net/upstream_fixture.h"

#include <sys/socket.h>

#include <cerrno>
#include <functional>
#include <utility>

using namespace delta;
using namespace delta::test;
using ports::UpstreamFault;

namespace {

/// Is called once, between the client's look at an idle connection and its request.
std::function<void()> betweenLookAndRequest;

} // namespace

/// Stands before the C library's function of that name in this program, because no other way puts
/// an event between two system calls of one thread.
extern "C" ssize_t recv(int fd, void *buffer, size_t size, int flags)
{
    const ssize_t got = ::recvfrom(fd, buffer, size, flags, nullptr, nullptr);
    if ((flags & MSG_PEEK) != 0 && betweenLookAndRequest) {
        const int error = errno;
        std::exchange(betweenLookAndRequest, nullptr)();
        errno = error;
    }
    return got;
}

/// What the lean client does when a provider closes a connection just as it is used again.
class UpstreamRaceTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase_data();
    void repeatsARequestThatCrossedTheEnd_data();
    void repeatsARequestThatCrossedTheEnd();
};

void UpstreamRaceTest::initTestCase_data()
{
    QTest::addColumn<ClientKind>("kind");
    QTest::newRow("lean") << ClientKind::Lean;
}

void UpstreamRaceTest::repeatsARequestThatCrossedTheEnd_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<bool>("isTls");
    QTest::addColumn<bool>("isReset");
    for (const char *method : {"POST", "GET"}) {
        for (const bool isTls : {false, true}) {
            for (const bool isReset : {false, true}) {
                QTest::addRow("%s, %s, %s", method, isTls ? "TLS" : "plain",
                              isReset ? "reset" : "closed")
                    << QByteArray(method) << isTls << isReset;
            }
        }
    }
}

void UpstreamRaceTest::repeatsARequestThatCrossedTheEnd()
{
    QFETCH(const QByteArray, method);
    QFETCH(const bool, isTls);
    QFETCH(const bool, isReset);
    ScriptedGate gate;
    ScriptedGate closed;
    const auto script = [&](ScriptedPeer &peer) {
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
    };
    const TlsFiles files;
    const auto server = isTls
        ? std::make_unique<ScriptedServer>(script, ScriptedTls{.identity = files.localhost()})
        : std::make_unique<ScriptedServer>(script);
    UpstreamFixture client({.caFile = files.caFile()});
    ports::UpstreamRequest request = isTls ? tlsRequestTo(server->port())
                                           : requestTo(server->port());
    request.method = method;
    RecordingSink first;
    RecordingSink second;
    QVERIFY(client.run(request, first));
    betweenLookAndRequest = [&] {
        gate.open();
        closed.waitOpen();
    };
    QVERIFY(client.run(request, second));
    QVERIFY(!betweenLookAndRequest);
    QVERIFY2(!second.error, qPrintable(second.error ? second.error->detail : QString()));
    QCOMPARE(second.body, "ok");
    QCOMPARE(server->connectionCount(), 2);
}

DELTA_LOOP_TEST_MAIN(UpstreamRaceTest)
#include "tst_upstream_race.moc"
