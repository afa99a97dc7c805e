// links: Qt6::Network
#include "tests/support/loop_main.h"
#include "tests/support/scripted_wait.h"

#include <QAbstractEventDispatcher>
#include <QBasicTimer>
#include <QDeadlineTimer>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>
#include <QtTest>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <memory>
#include <stdexcept>
#include <thread>

using delta::net::EpollDispatcher;
using delta::test::eventually;
using namespace std::chrono_literals;

namespace {

/// A connected pair of descriptors.
struct Pair {
    Pair()
    {
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data());
    }
    ~Pair()
    {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    Q_DISABLE_COPY_MOVE(Pair)
    std::array<int, 2> ends{};
};

} // namespace

class EpollDispatcherTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void isTheDispatcherOfThisThread();
    void throwsOnAThreadWithoutIt();
    void firesSingleShotAndRepeatingTimers();
    void firesZeroTimersOncePerTurn();
    void neverFiresATimerEarly();
    void letsATimerStopAndDeleteItself();
    void doesNotRecurseIntoATimerWhoseHandlerTurnsALoop();
    void tellsAboutTimers();
    void activatesNotifiersOfBothDirections();
    void servesWritersOfADescriptorThatIsAlwaysReadable();
    void letsANotifierDeleteItself();
    void letsAReadNotifierDeleteTheWriteNotifier();
    void letsANotifierTurnANestedLoopThatDeletesIt();
    void keepsQuietAboutDisabledNotifiers();
    void watchesAReusedDescriptorNumber();
    void leavesNotifiersAloneWhenToldTo();
    void deliversQueuedSignalsOfAnotherThread();
    void quitsANestedEventLoop();
    void quitsAThread();
    void survivesManyStartsAndQuits();
    void saysWhenThereIsNothingLeftToDo();
    void carriesQtSockets();
};

void EpollDispatcherTest::isTheDispatcherOfThisThread()
{
    QCOMPARE(QAbstractEventDispatcher::instance(), &EpollDispatcher::ofThisThread());
}

void EpollDispatcherTest::throwsOnAThreadWithoutIt()
{
    bool hasThrown = false;
    std::thread([&] {
        try {
            static_cast<void>(EpollDispatcher::ofThisThread());
        } catch (const std::logic_error &) {
            hasThrown = true;
        }
    }).join();
    QVERIFY(hasThrown);
}

void EpollDispatcherTest::firesSingleShotAndRepeatingTimers()
{
    int singleCount = 0;
    int repeatCount = 0;
    QTimer::singleShot(1ms, this, [&] { ++singleCount; });
    QTimer repeating;
    connect(&repeating, &QTimer::timeout, this, [&] { ++repeatCount; });
    repeating.start(1ms);
    QVERIFY(eventually([&] { return repeatCount >= 5; }));
    QCOMPARE(singleCount, 1);
}

void EpollDispatcherTest::firesZeroTimersOncePerTurn()
{
    int count = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] { ++count; });
    timer.start(0ms);
    for (int turn = 1; turn <= 10; ++turn) {
        EpollDispatcher::ofThisThread().processEvents(QEventLoop::AllEvents);
        QCOMPARE(count, turn);
    }
}

void EpollDispatcherTest::neverFiresATimerEarly()
{
    for (const auto delay : {1ms, 3ms, 20ms}) {
        QEventLoop loop;
        const auto begin = std::chrono::steady_clock::now();
        QTimer::singleShot(delay, Qt::PreciseTimer, &loop, &QEventLoop::quit);
        loop.exec();
        QVERIFY(std::chrono::steady_clock::now() - begin >= delay);
    }
}

void EpollDispatcherTest::letsATimerStopAndDeleteItself()
{
    auto *timer = new QTimer;
    QPointer<QTimer> watched(timer);
    connect(timer, &QTimer::timeout, this, [timer] { delete timer; });
    timer->start(1ms);
    QVERIFY(eventually([&] { return watched.isNull(); }));
    QCoreApplication::processEvents();
}

void EpollDispatcherTest::doesNotRecurseIntoATimerWhoseHandlerTurnsALoop()
{
    int depth = 0;
    int deepest = 0;
    int calls = 0;
    QTimer timer;
    connect(&timer, &QTimer::timeout, this, [&] {
        deepest = std::max(deepest, ++depth);
        ++calls;
        QEventLoop inner;
        QTimer::singleShot(5ms, &inner, &QEventLoop::quit);
        inner.exec();
        --depth;
    });
    timer.start(0ms);
    QVERIFY(eventually([&] { return calls >= 3; }));
    QCOMPARE(deepest, 1);
}

void EpollDispatcherTest::tellsAboutTimers()
{
    QTimer timer;
    timer.start(1h);
    const auto timers = EpollDispatcher::ofThisThread().timersForObject(&timer);
    QCOMPARE(timers.size(), 1);
    QVERIFY(timers.front().interval == 1h);
    QVERIFY(timer.remainingTimeAsDuration() > 59min);
    timer.stop();
    QVERIFY(EpollDispatcher::ofThisThread().timersForObject(&timer).isEmpty());
}

void EpollDispatcherTest::activatesNotifiersOfBothDirections()
{
    const Pair pair;
    QSocketNotifier reader(pair.ends[0], QSocketNotifier::Read);
    QSocketNotifier writer(pair.ends[0], QSocketNotifier::Write);
    int readable = 0;
    int writable = 0;
    connect(&reader, &QSocketNotifier::activated, this, [&] { ++readable; });
    connect(&writer, &QSocketNotifier::activated, this, [&] {
        ++writable;
        writer.setEnabled(false);
    });
    QVERIFY(eventually([&] { return writable == 1; }));
    QCOMPARE(readable, 0);
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QVERIFY(eventually([&] { return readable > 0; }));
    QCOMPARE(writable, 1);
}

void EpollDispatcherTest::servesWritersOfADescriptorThatIsAlwaysReadable()
{
    const Pair pair;
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QSocketNotifier reader(pair.ends[0], QSocketNotifier::Read);
    QSocketNotifier writer(pair.ends[0], QSocketNotifier::Write);
    int readable = 0;
    int writable = 0;
    connect(&reader, &QSocketNotifier::activated, this, [&] { ++readable; });
    connect(&writer, &QSocketNotifier::activated, this, [&] { ++writable; });
    QVERIFY(eventually([&] { return readable > 3; }));
    QCOMPARE(writable, readable);
}

void EpollDispatcherTest::letsANotifierDeleteItself()
{
    const Pair pair;
    auto *notifier = new QSocketNotifier(pair.ends[0], QSocketNotifier::Write);
    QPointer<QSocketNotifier> watched(notifier);
    connect(notifier, &QSocketNotifier::activated, this, [notifier] { delete notifier; });
    QVERIFY(eventually([&] { return watched.isNull(); }));
    QCoreApplication::processEvents();
}

void EpollDispatcherTest::letsAReadNotifierDeleteTheWriteNotifier()
{
    const Pair pair;
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    auto reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
    auto writer = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Write);
    bool hasWritten = false;
    connect(writer.get(), &QSocketNotifier::activated, this, [&] { hasWritten = true; });
    connect(reader.get(), &QSocketNotifier::activated, this, [&] {
        writer.reset();
        reader->setEnabled(false);
    });
    QVERIFY(eventually([&] { return !writer; }));
    QCoreApplication::processEvents();
    QVERIFY(!hasWritten);
}

void EpollDispatcherTest::letsANotifierTurnANestedLoopThatDeletesIt()
{
    const Pair pair;
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    auto reader = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
    auto writer = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Write);
    int depth = 0;
    connect(reader.get(), &QSocketNotifier::activated, this, [&] {
        if (++depth == 1) {
            QCoreApplication::processEvents();
        } else {
            // Both loops are inside of the set that dies here.
            writer.reset();
            reader.release()->deleteLater();
        }
    });
    QVERIFY(eventually([&] { return !reader; }));
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

void EpollDispatcherTest::keepsQuietAboutDisabledNotifiers()
{
    const Pair pair;
    QCOMPARE(::write(pair.ends[1], "x", 1), 1);
    QSocketNotifier reader(pair.ends[0], QSocketNotifier::Read);
    int count = 0;
    connect(&reader, &QSocketNotifier::activated, this, [&] { ++count; });
    reader.setEnabled(false);
    QCoreApplication::processEvents();
    QCOMPARE(count, 0);
    reader.setEnabled(true);
    QVERIFY(eventually([&] { return count > 0; }));
}

void EpollDispatcherTest::watchesAReusedDescriptorNumber()
{
    auto pair = std::make_unique<Pair>();
    const int number = pair->ends[0];
    auto stale = std::make_unique<QSocketNotifier>(number, QSocketNotifier::Read);
    pair.reset(); // Closed below the notifier's feet, as careless code does.
    const Pair next;
    QCOMPARE(next.ends[0], number);
    QSocketNotifier writer(number, QSocketNotifier::Write);
    int count = 0;
    connect(&writer, &QSocketNotifier::activated, this, [&] { ++count; });
    QVERIFY(eventually([&] { return count > 0; }));
}

void EpollDispatcherTest::leavesNotifiersAloneWhenToldTo()
{
    const Pair pair;
    QSocketNotifier writer(pair.ends[0], QSocketNotifier::Write);
    int count = 0;
    connect(&writer, &QSocketNotifier::activated, this, [&] { ++count; });
    QEventLoop loop;
    QTimer::singleShot(5ms, &loop, &QEventLoop::quit);
    loop.exec(QEventLoop::ExcludeSocketNotifiers);
    QCOMPARE(count, 0);
    QVERIFY(eventually([&] { return count > 0; }));
}

void EpollDispatcherTest::deliversQueuedSignalsOfAnotherThread()
{
    constexpr int signalCount = 5'000;
    QObject receiver;
    int count = 0;
    QEventLoop loop;
    std::thread other([&] {
        for (int index = 0; index < signalCount; ++index) {
            QMetaObject::invokeMethod(
                &receiver,
                [&] {
                    if (++count == signalCount) {
                        loop.quit();
                    }
                },
                Qt::QueuedConnection);
        }
    });
    loop.exec();
    other.join();
    QCOMPARE(count, signalCount);
}

void EpollDispatcherTest::quitsANestedEventLoop()
{
    int level = 0;
    QEventLoop outer;
    QTimer::singleShot(0ms, this, [&] {
        QEventLoop inner;
        QTimer::singleShot(0ms, &inner, [&] {
            level = 2;
            inner.quit();
        });
        inner.exec();
        QCOMPARE(level, 2);
        outer.quit();
    });
    outer.exec();
    QCOMPARE(level, 2);
}

void EpollDispatcherTest::quitsAThread()
{
    QThread thread;
    thread.setEventDispatcher(new EpollDispatcher);
    thread.start();
    QObject worker;
    worker.moveToThread(&thread);
    QSemaphore done;
    QMetaObject::invokeMethod(&worker,
                              [&] { QTimer::singleShot(1ms, &worker, [&] { done.release(); }); });
    QVERIFY(done.tryAcquire(1, QDeadlineTimer(20s)));
    thread.quit();
    QVERIFY(thread.wait(QDeadlineTimer(20s)));
}

void EpollDispatcherTest::survivesManyStartsAndQuits()
{
    for (int round = 0; round < 200; ++round) {
        QThread thread;
        thread.setEventDispatcher(new EpollDispatcher);
        thread.start();
        thread.quit(); // Often before the thread's loop has begun to turn.
        QVERIFY(thread.wait(QDeadlineTimer(20s)));
    }
}

void EpollDispatcherTest::saysWhenThereIsNothingLeftToDo()
{
    auto &dispatcher = EpollDispatcher::ofThisThread();
    QVERIFY(eventually([&] { return !dispatcher.processEvents(QEventLoop::AllEvents); }));
    bool isDone = false;
    QMetaObject::invokeMethod(this, [&] { isDone = true; }, Qt::QueuedConnection);
    QVERIFY(dispatcher.processEvents(QEventLoop::AllEvents));
    QVERIFY(isDone);
    QVERIFY(!dispatcher.processEvents(QEventLoop::AllEvents));
}

void EpollDispatcherTest::carriesQtSockets()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *peer = server.nextPendingConnection();
        connect(peer, &QTcpSocket::readyRead, peer, [peer] { peer->write(peer->readAll()); });
        connect(peer, &QTcpSocket::disconnected, peer, &QObject::deleteLater);
    });
    QTcpSocket client;
    client.connectToHost(server.serverAddress(), server.serverPort());
    const QByteArray sent(1'000'000, 'x');
    client.write(sent);
    QByteArray received;
    connect(&client, &QTcpSocket::readyRead, this, [&] { received += client.readAll(); });
    QVERIFY(eventually([&] { return received.size() == sent.size(); }));
    client.disconnectFromHost();
    QVERIFY(eventually([&] { return client.state() == QAbstractSocket::UnconnectedState; }));
}

DELTA_LOOP_TEST_MAIN(EpollDispatcherTest)
#include "tst_epoll_dispatcher.moc"
