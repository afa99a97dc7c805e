// labels: unit fault
#include "gateway/net/curl_client.h"
#include "tests/gateway/net/upstream_fixture.h"

#include <dlfcn.h>
#include <netdb.h>
#include <QSemaphore>

using namespace delta;
using namespace delta::test;
using namespace std::chrono_literals;

namespace {

QSemaphore asked;  ///< For the name that stalls, by libcurl's thread.
QSemaphore mayEnd; ///< Ends the stall, which ends by itself too, or a failure would last for ever.
QSemaphore hasEnded; ///< The stall.

} // namespace

/// Stands before the C library's function of that name in this program, because no name stalls
/// without a network.
extern "C" int getaddrinfo(const char *name, const char *service, const addrinfo *hints,
                           addrinfo **result)
{
    static const auto real = reinterpret_cast<decltype(&::getaddrinfo)>(
        ::dlsym(RTLD_NEXT, "getaddrinfo"));
    if (!name || QByteArrayView(name) != "stalls.invalid") {
        return real(name, service, hints, result);
    }
    asked.release();
    mayEnd.tryAcquire(1, QDeadlineTimer(5s));
    hasEnded.release();
    return EAI_AGAIN;
}

/// What the client on libcurl does when a caller leaves.
class CurlCancelTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void doesNotWaitForANameThatNobodyWantsAnyMore();
};

void CurlCancelTest::doesNotWaitForANameThatNobodyWantsAnyMore()
{
    ScriptedServer server(answering(okResponse));
    net::CurlClient client(net::EpollDispatcher::ofThisThread().loop(), {});
    RecordingSink cancelled;
    ports::UpstreamRequest request = requestTo(80);
    request.origin.host = "stalls.invalid";
    auto exchange = client.send(request, cancelled);
    QVERIFY(eventually([] { return asked.available() > 0; }));
    exchange.reset();
    QCOMPARE(hasEnded.available(), 0);
    RecordingSink sink;
    const auto next = client.send(requestTo(server.port()), sink);
    QVERIFY(eventually([&] { return sink.isOver(); }));
    QCOMPARE(sink.body, "ok");
    QCOMPARE(hasEnded.available(), 0);
    mayEnd.release();
    QVERIFY(hasEnded.tryAcquire(1, QDeadlineTimer(20s)));
    QCOMPARE(cancelled.endCount, 0);
}

DELTA_LOOP_TEST_MAIN(CurlCancelTest)
#include "tst_curl_cancel.moc"
