#include "gateway/net/connector.h"
#include "tests/support/loop_main.h"
#include "tests/support/scripted_black_hole.h"
#include "tests/support/scripted_server.h"
#include "tests/support/scripted_wait.h"

#include <arpa/inet.h>
#include <QtTest>
#include <unistd.h>

#include <memory>
#include <optional>

using namespace delta;
using namespace delta::net;
using namespace delta::test;
using namespace std::chrono_literals;

namespace {

/// Answers every name with the same literals.
class FixedResolver final : public Resolver
{
public:
    explicit FixedResolver(const std::vector<QByteArray> &literals)
    {
        for (const QByteArray &literal : literals) {
            m_addresses.push_back(SocketAddress::fromLiteral(literal).value());
        }
    }
    std::unique_ptr<Lookup> resolve(const QByteArray &, EventLoop &loop, Callback done) override
    {
        loop.post([done = std::move(done), answer = Answer(m_addresses)] { done(answer); });
        return std::make_unique<Lookup>();
    }

private:
    std::vector<SocketAddress> m_addresses;
};

/// Connects and keeps the outcome.
struct Attempt {
    Attempt(Resolver &resolver, const QByteArray &host, quint16 port)
        : connector(std::make_unique<Connector>(EpollDispatcher::ofThisThread().loop(), resolver,
                                                Connector::Target{host, port},
                                                [this](const Connector::Outcome &got) {
                                                    ++calls;
                                                    outcome = got;
                                                    connector.reset();
                                                }))
    {
    }
    ~Attempt()
    {
        if (outcome && *outcome) {
            ::close(**outcome);
        }
    }
    Q_DISABLE_COPY_MOVE(Attempt)

    [[nodiscard]] QByteArray peer() const
    {
        sockaddr_in address{};
        socklen_t size = sizeof address;
        ::getpeername(**outcome, reinterpret_cast<sockaddr *>(&address), &size);
        return ::inet_ntoa(address.sin_addr);
    }

    std::unique_ptr<Connector> connector;
    int calls = 0;
    std::optional<Connector::Outcome> outcome;
};

ScriptedServer::Script waiting()
{
    return [](ScriptedPeer &peer) { peer.waitForClose(); };
}

} // namespace

class ConnectorTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectsToALiteralWithoutAskingTheResolver();
    void triesTheNextAddressWhenOneRefuses();
    void triesTheNextAddressWhenOneIsSilent();
    void triesBothFamiliesInTurn();
    void reportsTheAddressThatFailed();
    void reportsAFailureOfTheResolver();
    void closesTheLosers();
    void givesUpWhenDestroyed();
};

void ConnectorTest::connectsToALiteralWithoutAskingTheResolver()
{
    FixedResolver wrong({"127.0.0.9"});
    ScriptedServer server(waiting());
    const Attempt attempt(wrong, "127.0.0.1", server.port());
    QCOMPARE(attempt.calls, 0);
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QVERIFY(attempt.outcome->has_value());
    QCOMPARE(attempt.peer(), "127.0.0.1");
}

void ConnectorTest::triesTheNextAddressWhenOneRefuses()
{
    ScriptedServer server(waiting());
    FixedResolver resolver({"127.0.0.8", "127.0.0.9", "127.0.0.1"});
    const Attempt attempt(resolver, "name", server.port());
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QVERIFY(attempt.outcome->has_value());
    QCOMPARE(attempt.peer(), "127.0.0.1");
}

void ConnectorTest::triesTheNextAddressWhenOneIsSilent()
{
    ScriptedServer server(waiting());
    const ScriptedBlackHole hole("127.0.0.2", server.port());
    FixedResolver resolver({"127.0.0.2", "127.0.0.1"});
    QElapsedTimer clock;
    clock.start();
    const Attempt attempt(resolver, "name", server.port());
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QVERIFY(attempt.outcome->has_value());
    QCOMPARE(attempt.peer(), "127.0.0.1");
    QVERIFY(clock.durationElapsed() >= Connector::stagger);
}

void ConnectorTest::triesBothFamiliesInTurn()
{
    // Two silent IPv4 addresses come first; IPv6 must not wait for the second of them.
    const int listener = ::socket(AF_INET6, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in6 bound{};
    bound.sin6_family = AF_INET6;
    bound.sin6_addr = in6addr_loopback;
    socklen_t size = sizeof bound;
    auto *generic = reinterpret_cast<sockaddr *>(&bound);
    if (listener < 0 || ::bind(listener, generic, size) != 0) {
        QSKIP("this machine has no IPv6");
    }
    QCOMPARE(::listen(listener, 8), 0);
    QCOMPARE(::getsockname(listener, generic, &size), 0);
    const quint16 port = ntohs(bound.sin6_port);
    const ScriptedBlackHole first("127.0.0.2", port);
    const ScriptedBlackHole second("127.0.0.3", port);
    FixedResolver resolver({"127.0.0.2", "127.0.0.3", "::1"});
    QElapsedTimer clock;
    clock.start();
    const Attempt attempt(resolver, "name", port);
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QVERIFY(attempt.outcome->has_value());
    const auto elapsed = clock.durationElapsed();
    ::close(listener);
    qInfo("connected by IPv6 after %lld ms", static_cast<long long>(elapsed / 1ms));
    QVERIFY(elapsed >= Connector::stagger);
}

void ConnectorTest::reportsTheAddressThatFailed()
{
    const quint16 port = ScriptedServer(waiting()).port();
    FixedResolver resolver({"127.0.0.1"});
    const Attempt attempt(resolver, "name", port);
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QCOMPARE(attempt.outcome->error().fault, ports::UpstreamFault::Connect);
    QVERIFY(attempt.outcome->error().detail.startsWith(QStringLiteral("127.0.0.1:%1: ").arg(port)));
    QCOMPARE(attempt.calls, 1);
}

void ConnectorTest::reportsAFailureOfTheResolver()
{
    class Failing final : public Resolver
    {
    public:
        std::unique_ptr<Lookup> resolve(const QByteArray &, EventLoop &loop, Callback done) override
        {
            loop.post([done = std::move(done)] { done(std::unexpected(QStringLiteral("gone"))); });
            return std::make_unique<Lookup>();
        }
    } resolver;
    const Attempt attempt(resolver, "name", 80);
    QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
    QCOMPARE(attempt.outcome->error().fault, ports::UpstreamFault::Resolve);
    QCOMPARE(attempt.outcome->error().detail, QStringLiteral("name: gone"));
}

void ConnectorTest::closesTheLosers()
{
    // Descriptors are counted: a loser that stayed open would leak one for every connection.
    const auto openCount = [] { return QDir(QStringLiteral("/proc/self/fd")).count(); };
    ScriptedServer server(waiting());
    const ScriptedBlackHole hole("127.0.0.2", server.port());
    FixedResolver resolver({"127.0.0.2", "127.0.0.1"});
    const auto before = openCount();
    {
        const Attempt attempt(resolver, "name", server.port());
        QVERIFY(eventually([&] { return attempt.outcome.has_value(); }));
        QVERIFY(attempt.outcome->has_value());
    }
    QVERIFY(eventually([&] { return server.closedByClientCount() == 1; }));
    QVERIFY(eventually([&] { return openCount() == before; }));
}

void ConnectorTest::givesUpWhenDestroyed()
{
    const ScriptedBlackHole hole;
    FixedResolver resolver({"127.0.0.1"});
    Attempt connecting(resolver, "127.0.0.1", hole.port());
    QCoreApplication::processEvents();
    connecting.connector.reset();
    QCoreApplication::processEvents();
    QCOMPARE(connecting.calls, 0);
}

DELTA_LOOP_TEST_MAIN(ConnectorTest)
#include "tst_connector.moc"
