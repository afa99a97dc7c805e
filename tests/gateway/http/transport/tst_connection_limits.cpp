#include "gateway/http/transport/connection_limits.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <QtTest>

#include <cstring>
#include <thread>
#include <vector>

using delta::http::ConnectionLimits;

namespace {

/// Returns the address as accept() does.
sockaddr_storage client(const QByteArray &text)
{
    sockaddr_storage address{};
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    if (::inet_pton(AF_INET6, text.constData(), &v6.sin6_addr) == 1) {
        std::memcpy(&address, &v6, sizeof v6);
        return address;
    }
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    ::inet_pton(AF_INET, text.constData(), &v4.sin_addr);
    std::memcpy(&address, &v4, sizeof v4);
    return address;
}

} // namespace

class ConnectionLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capsTheProcess();
    void capsEachAddress();
    void knowsAClientByItsNetwork_data();
    void knowsAClientByItsNetwork();
    void hasNoCapForAddressesAtZero();
    void moves();
    void countsRightFromManyThreads();
};

void ConnectionLimitsTest::capsTheProcess()
{
    ConnectionLimits limits(2, 0);
    const auto first = limits.admit(client("192.0.2.1"));
    auto second = limits.admit(client("192.0.2.2"));

    QVERIFY(first && second);
    QVERIFY(!limits.admit(client("192.0.2.3")));
    QCOMPARE(limits.count(), 2);
    second.reset();
    QVERIFY(limits.admit(client("192.0.2.3")));
}

void ConnectionLimitsTest::capsEachAddress()
{
    ConnectionLimits limits(100, 2);
    std::vector<ConnectionLimits::Slot> taken;
    taken.push_back(std::move(*limits.admit(client("192.0.2.1"))));
    taken.push_back(std::move(*limits.admit(client("192.0.2.1"))));

    QVERIFY(!limits.admit(client("192.0.2.1")));
    QVERIFY(limits.admit(client("192.0.2.2")));
    taken.pop_back();
    QVERIFY(limits.admit(client("192.0.2.1")));
}

void ConnectionLimitsTest::knowsAClientByItsNetwork_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<QByteArray>("second");
    QTest::addColumn<bool>("isSame");
    const auto row = [](const char *first, const char *second, bool isSame) {
        QTest::addRow("%s and %s", first, second)
            << QByteArray(first) << QByteArray(second) << isSame;
    };
    row("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff", true);
    row("2001:db8:1:2::1", "2001:db8:1:3::1", false);
    row("2001:db8:1:2::1", "2001:db8::1", false);
    row("192.0.2.1", "192.0.2.2", false);
    row("::ffff:192.0.2.1", "::ffff:192.0.2.2", false);
    row("::ffff:192.0.2.1", "192.0.2.1", true);
    row("::1", "192.0.2.1", false);
}

void ConnectionLimitsTest::knowsAClientByItsNetwork()
{
    QFETCH(const QByteArray, first);
    QFETCH(const QByteArray, second);
    ConnectionLimits limits(100, 1);
    const auto slot = limits.admit(client(first));

    const auto other = limits.admit(client(second));

    QTEST(!other.has_value(), "isSame");
}

void ConnectionLimitsTest::hasNoCapForAddressesAtZero()
{
    ConnectionLimits limits(1'000, 0);
    std::vector<ConnectionLimits::Slot> taken;

    for (int index = 0; index < 1'000; ++index) {
        taken.push_back(std::move(*limits.admit(client("192.0.2.1"))));
    }

    QCOMPARE(limits.count(), 1'000);
}

void ConnectionLimitsTest::moves()
{
    ConnectionLimits limits(10, 0);
    {
        auto first = limits.admit(client("192.0.2.1"));
        ConnectionLimits::Slot moved(std::move(*first));
        auto second = limits.admit(client("192.0.2.2"));
        *second = std::move(moved);
        QCOMPARE(limits.count(), 2);
    }
    QCOMPARE(limits.count(), 0);
}

void ConnectionLimitsTest::countsRightFromManyThreads()
{
    ConnectionLimits limits(64, 16);
    std::vector<std::thread> threads;
    for (int index = 0; index < 8; ++index) {
        threads.emplace_back(
            [&limits, address = client("192.0.2." + QByteArray::number(index % 4))] {
                for (int round = 0; round < 5'000; ++round) {
                    const auto outer = limits.admit(address);
                    const auto inner = limits.admit(address);
                }
            });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }

    QCOMPARE(limits.count(), 0);
    QVERIFY(limits.admit(client("192.0.2.0")));
}

QTEST_GUILESS_MAIN(ConnectionLimitsTest)

#include "tst_connection_limits.moc"
