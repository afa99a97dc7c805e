// resource: signals
#include "gateway/app/signals.h"
#include "tests/support/loop_main.h"
#include "tests/support/turn_loop.h"

#include <pthread.h>
#include <QTest>

#include <csignal>
#include <memory>

using delta::app::Signals;

class SignalsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void stopsOnTerminateAndInterrupt_data();
    void stopsOnTerminateAndInterrupt();
    void reloadsOnHangup();
    void tellsEverySignalOfItsOwn();
    void survivesWhatCannotBeWritten_data();
    void survivesWhatCannotBeWritten();
    void mayEndAtAnyTime();

private:
    std::unique_ptr<Signals> m_signals;
    int m_stops = 0;
    int m_reloads = 0;
};

void SignalsTest::init()
{
    m_stops = 0;
    m_reloads = 0;
    m_signals = std::make_unique<Signals>(
        delta::net::EpollDispatcher::ofThisThread().loop(),
        Signals::Callbacks{[this] { ++m_stops; }, [this] { ++m_reloads; }});
}

void SignalsTest::cleanup()
{
    m_signals.reset();
}

// raise() signals this thread alone: the test's own watchdog does not block what we block.

void SignalsTest::stopsOnTerminateAndInterrupt_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("SIGTERM") << SIGTERM;
    QTest::newRow("SIGINT") << SIGINT;
}

void SignalsTest::stopsOnTerminateAndInterrupt()
{
    QFETCH(const int, signal);
    QCOMPARE(std::raise(signal), 0);
    QCOMPARE(m_stops, 0); // Told by the loop, not in the middle of anything.
    QVERIFY(delta::test::turnLoopUntil([this] { return m_stops > 0; }));
    QCOMPARE(m_stops, 1);
    QCOMPARE(m_reloads, 0);
}

void SignalsTest::reloadsOnHangup()
{
    QCOMPARE(std::raise(SIGHUP), 0);
    QVERIFY(delta::test::turnLoopUntil([this] { return m_reloads > 0; }));
    QCOMPARE(m_reloads, 1);
    QCOMPARE(m_stops, 0);
}

void SignalsTest::tellsEverySignalOfItsOwn()
{
    for (const int signal : {SIGHUP, SIGTERM, SIGINT}) {
        QCOMPARE(std::raise(signal), 0);
    }
    QVERIFY(delta::test::turnLoopUntil([this] { return m_stops + m_reloads == 3; }));
    QCOMPARE(m_stops, 2);
    // And again, for somebody in a hurry.
    QCOMPARE(std::raise(SIGTERM), 0);
    QVERIFY(delta::test::turnLoopUntil([this] { return m_stops == 3; }));
}

void SignalsTest::survivesWhatCannotBeWritten_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("to a client that left") << SIGPIPE;
    QTest::newRow("to a file that may not grow") << SIGXFSZ;
}

void SignalsTest::survivesWhatCannotBeWritten()
{
    QFETCH(int, signal);
    QCOMPARE(std::raise(signal), 0); // Would end the process.
    struct sigaction action{};
    QCOMPARE(::sigaction(signal, nullptr, &action), 0);
    QVERIFY(action.sa_handler == SIG_IGN);
}

void SignalsTest::mayEndAtAnyTime()
{
    QCOMPARE(std::raise(SIGHUP), 0);
    m_signals.reset(); // With a signal on its way.
    delta::test::turnLoopFor(std::chrono::milliseconds(1));
    QCOMPARE(m_reloads, 0);
    // The signal stays pending until somebody listens again.
    init();
    QVERIFY(delta::test::turnLoopUntil([this] { return m_reloads == 1; }));
}

DELTA_LOOP_TEST_MAIN(SignalsTest)
#include "tst_signals.moc"
