#include "gateway/http/transport/connection_limits.h"

#include <QtTest>

#include <thread>
#include <vector>

using delta::http::ConnectionLimits;

class ConnectionLimitsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void capsTheProcess();
    void capsEachAddress();
    void hasNoCapForAddressesAtZero();
    void moves();
    void countsRightFromManyThreads();
};

void ConnectionLimitsTest::capsTheProcess()
{
    ConnectionLimits limits(2, 0);
    const auto first = limits.admit("a");
    auto second = limits.admit("b");

    QVERIFY(first && second);
    QVERIFY(!limits.admit("c"));
    QCOMPARE(limits.count(), 2);
    second.reset();
    QVERIFY(limits.admit("c"));
}

void ConnectionLimitsTest::capsEachAddress()
{
    ConnectionLimits limits(100, 2);
    std::vector<ConnectionLimits::Slot> taken;
    taken.push_back(std::move(*limits.admit("a")));
    taken.push_back(std::move(*limits.admit("a")));

    QVERIFY(!limits.admit("a"));
    QVERIFY(limits.admit("b"));
    taken.pop_back();
    QVERIFY(limits.admit("a"));
}

void ConnectionLimitsTest::hasNoCapForAddressesAtZero()
{
    ConnectionLimits limits(1'000, 0);
    std::vector<ConnectionLimits::Slot> taken;

    for (int index = 0; index < 1'000; ++index) {
        taken.push_back(std::move(*limits.admit("a")));
    }

    QCOMPARE(limits.count(), 1'000);
}

void ConnectionLimitsTest::moves()
{
    ConnectionLimits limits(10, 0);
    {
        auto first = limits.admit("a");
        ConnectionLimits::Slot moved(std::move(*first));
        auto second = limits.admit("b");
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
        threads.emplace_back([&limits, address = QByteArray::number(index % 4)] {
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
    QVERIFY(limits.admit("0"));
}

QTEST_GUILESS_MAIN(ConnectionLimitsTest)

#include "tst_connection_limits.moc"
