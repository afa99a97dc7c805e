// labels: db fault
// services: postgres
// links: Qt6::Network
#include "gateway/store/change_listener.h"
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QElapsedTimer>
#include <QRegularExpression>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::StorePlace;

namespace {

ports::StoredKey keyCalled(const QString &id)
{
    ports::StoredKey key;
    key.key.id = id;
    key.mac = QByteArray(32 - id.size(), '\0') + id.toUtf8();
    return key;
}

Budget budgetCalled(const QString &id)
{
    Budget budget;
    budget.id = id;
    budget.scope = BudgetScope::Gateway;
    return budget;
}

} // namespace

/// Whatever the dialect of the run: SQLite tells nobody anything. Nothing here looks by itself: what is heard, the
/// database has told.
class ChangeListenerTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_store;
    std::atomic<int> m_calls = 0;
    std::atomic<std::chrono::milliseconds> m_rest{};
    std::unique_ptr<ChangeListener> m_listener;

    void start(const QString &address)
    {
        m_listener = std::make_unique<ChangeListener>(
            ChangeListener::Parts{address, m_clock, [this] {
                                      ++m_calls;
                                      return m_rest.load();
                                  }});
    }
    /// Starts it, and waits until it hears.
    void startHearing()
    {
        start(m_place->address());
        QVERIFY(QTest::qWaitFor([&] { return m_calls.load() == 1; }));
        QVERIFY(m_listener->isListening());
    }
    [[nodiscard]] bool execute(const QString &statement) const
    {
        const auto database = Database::open(m_place->address());
        return database && (*database)->execute(statement);
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("DELTA_TEST_DIALECT", "postgres");
    }
    void init()
    {
        m_calls = 0;
        m_rest = 0ms;
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"first"_s);
        QVERIFY(m_store->open());
    }
    void cleanup()
    {
        m_listener.reset();
        m_store.reset();
        m_place.reset();
    }

    void hearsOfEveryChange()
    {
        startHearing();
        RateLimit limit;
        limit.subject.scope = RateScope::Gateway;
        limit.limits.requestsPerMinute = 1;
        int expected = 0;
        const auto isHeard = [&](bool isChanged) {
            ++expected;
            return isChanged
                && QTest::qWaitFor([&] { return m_listener->notifications() == expected; });
        };
        QVERIFY(isHeard(m_store->insertKey(keyCalled(u"a"_s)).has_value()));
        QVERIFY(isHeard(m_store->removeKey(u"a"_s).value_or(false)));
        QVERIFY(isHeard(m_store->insertBudget(budgetCalled(u"b"_s)).has_value()));
        QVERIFY(isHeard(m_store->updateBudget(budgetCalled(u"b"_s)).value_or(false)));
        QVERIFY(isHeard(m_store->removeBudget(u"b"_s).value_or(false)));
        QVERIFY(isHeard(m_store->putRateLimit(limit).has_value()));
        QVERIFY(isHeard(m_store->removeRateLimit(limit.subject).value_or(false)));
        QVERIFY(QTest::qWaitFor([&] { return m_calls >= 2; }));
    }
    void hearsNothingOfCalls()
    {
        startHearing();
        QVERIFY(m_store->insertKey(keyCalled(u"key00001"_s)));
        QVERIFY(m_store->apply({{8, delta::test::sampleEntry("r")}}, {16, 16}));
        QVERIFY(m_store->insertKey(keyCalled(u"b"_s)));
        QVERIFY(QTest::qWaitFor([&] { return m_listener->notifications() == 2; }));
    }
    void hearsOfATransactionOnce()
    {
        startHearing();
        QVERIFY(execute(u"BEGIN; "
                        "INSERT INTO budgets VALUES ('a', 'gateway', '', '', 1, NULL, NULL, "
                        "'calendar', 'UTC', 0, NULL); "
                        "UPDATE budgets SET max_budget_nanos = 2; "
                        "DELETE FROM budgets; "
                        "COMMIT"_s));
        QVERIFY(m_store->insertKey(keyCalled(u"a"_s)));
        QVERIFY(QTest::qWaitFor([&] { return m_listener->notifications() == 2; }));
    }
    void passesOnManyChangesAsOne()
    {
        m_rest = 3s;
        startHearing();
        for (int number = 0; number < 20; ++number) {
            QVERIFY(m_store->insertKey(keyCalled(QString::number(number))));
        }
        QVERIFY(QTest::qWaitFor([&] { return m_listener->notifications() == 20; }));
        QVERIFY(QTest::qWaitFor([&] { return m_calls.load() == 2; }, 20'000)); // Rested.
        m_rest = 0ms;
        QVERIFY(m_store->insertKey(keyCalled(u"last"_s)));
        QVERIFY(QTest::qWaitFor([&] { return m_calls.load() == 3; })); // And none in between.
    }
    void listensAgainWhenItsConnectionWasLost()
    {
        startHearing();
        QVERIFY(execute(u"SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                        "WHERE query LIKE 'LISTEN%' AND datname = current_database()"_s));
        QVERIFY(QTest::qWaitFor(
            [&] { return m_calls.load() == 2; })); // Something may have changed meanwhile.
        QVERIFY(m_store->insertKey(keyCalled(u"a"_s)));
        QVERIFY(QTest::qWaitFor([&] { return m_listener->notifications() == 1; }));
        QVERIFY(QTest::qWaitFor([&] { return m_calls.load() == 3; }));
    }
    void triesOnWhileThereIsNoServer()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        const QString address = u"postgresql://127.0.0.1:%1/x?sslmode=disable"_s.arg(
            server.serverPort());
        QTest::ignoreMessage(QtWarningMsg,
                             QRegularExpression(u"^the database cannot tell of changes"_s));
        start(address);
        for (int attempt = 0; attempt < 2; ++attempt) {
            QVERIFY(QTest::qWaitFor([&] { return server.hasPendingConnections(); }));
            server.nextPendingConnection()->abort();
        }
        QCOMPARE(m_calls.load(), 0);
        QVERIFY(!m_listener->isListening());
    }
    void endsAtOnceWhileTheServerIsSilent()
    {
        QTcpServer server;
        QVERIFY(server.listen(QHostAddress::LocalHost));
        start(u"postgresql://127.0.0.1:%1/x?sslmode=disable"_s.arg(server.serverPort()));
        QVERIFY(QTest::qWaitFor([&] { return server.hasPendingConnections(); }));
        QElapsedTimer timer;
        timer.start();
        m_listener->stop();
        QVERIFY2(timer.durationElapsed() < 5s, "it waited for the server");
    }
    void callsNobodyAnyMoreWhenItHasEnded()
    {
        startHearing();
        m_listener->stop();
        m_listener->stop(); // Twice is as good.
        QVERIFY(!m_listener->isListening());
        QVERIFY(m_store->insertKey(keyCalled(u"a"_s)));
        QCOMPARE(m_calls.load(), 1);
        QCOMPARE(m_listener->notifications(), 0);
    }
};

QTEST_GUILESS_MAIN(ChangeListenerTest)
#include "tst_change_listener.moc"
