#include "gateway/net/event_loop.h"
#include "tests/support/loop_main.h"
#include "tests/support/scripted_wait.h"

#include <QtTest>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <memory>
#include <system_error>
#include <thread>
#include <vector>

using delta::net::EpollDispatcher;
using delta::net::EventLoop;
using delta::net::FdHandler;
using delta::net::Timer;
using delta::test::eventually;
using namespace std::chrono_literals;

namespace {

EventLoop &loop()
{
    return EpollDispatcher::ofThisThread().loop();
}

/// One end of a socket pair, watched by the loop, with a function to be called on its events.
class Watched final : public FdHandler
{
public:
    explicit Watched(std::uint32_t events = EPOLLIN)
    {
        ::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, m_fds.data());
        loop().add(m_fds[0], events, *this);
    }
    ~Watched() override
    {
        loop().remove(m_fds[0], *this);
        ::close(m_fds[0]);
        ::close(m_fds[1]);
    }
    Q_DISABLE_COPY_MOVE(Watched)

    void onEvents(std::uint32_t events) override
    {
        ++eventCount;
        lastEvents = events;
        if (work) {
            const auto copy = work;
            copy();
        }
    }
    void onFlush() override
    {
        ++flushCount;
        if (flushWork) {
            const auto copy = flushWork;
            copy();
        }
    }
    void poke() const
    {
        QCOMPARE(::write(m_fds[1], "x", 1), 1);
    }
    void drain() const
    {
        char byte = 0;
        while (::read(m_fds[0], &byte, 1) == 1) { }
    }
    [[nodiscard]] int descriptor() const
    {
        return m_fds[0];
    }

    std::function<void()> work;
    std::function<void()> flushWork;
    int eventCount = 0;
    int flushCount = 0;
    std::uint32_t lastEvents = 0;

private:
    std::array<int, 2> m_fds{};
};

void turn()
{
    QCoreApplication::processEvents();
}

} // namespace

class EventLoopTest : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void reportsEvents();
    void changesWhatIsReported();
    void addsADescriptorThatTheKernelForgot();
    void refusesWhatCannotBeWatched();
    void reportsNothingAfterRemovalInTheSameTurn();
    void letsAHandlerDestroyItself();
    void letsAHandlerDestroyAllOthers();
    void survivesANestedTurnInAHandler();
    void flushesOnceBeforeItSleeps();
    void forgetsAFlushOfADestroyedHandler();
    void letsDescriptorsIntoARowOfFlushes();
    void doesNotSleepBeforeTheLastFlush();
    void flushesTheRestFromANestedTurn();
    void runsPostedWorkInOrder();
    void runsWorkPostedByPostedWorkInALaterTurn();
    void runsTheRestOfPostedWorkFromANestedTurn();
    void wakesForWorkOfAnotherThread();
    void losesNoWorkOfManyThreads();
    void firesTimersOfTheWheel();
    void letsATimerCallbackTurnANestedLoop();
};

void EventLoopTest::reportsEvents()
{
    Watched watched;
    watched.work = [&] { watched.drain(); };
    turn();
    QCOMPARE(watched.eventCount, 0);
    watched.poke();
    QVERIFY(eventually([&] { return watched.eventCount == 1; }));
    QCOMPARE(watched.lastEvents, std::uint32_t(EPOLLIN));
}

void EventLoopTest::changesWhatIsReported()
{
    Watched watched;
    watched.poke();
    loop().modify(watched.descriptor(), EPOLLOUT, watched);
    turn();
    QCOMPARE(watched.lastEvents, std::uint32_t(EPOLLOUT));
    loop().modify(watched.descriptor(), 0, watched);
    const int before = watched.eventCount;
    turn();
    QCOMPARE(watched.eventCount, before);
}

void EventLoopTest::addsADescriptorThatTheKernelForgot()
{
    Watched watched;
    loop().remove(watched.descriptor(), watched);
    watched.poke();
    loop().modify(watched.descriptor(), EPOLLIN, watched);
    turn();
    QCOMPARE(watched.eventCount, 1);
}

void EventLoopTest::refusesWhatCannotBeWatched()
{
    Watched watched;
    QVERIFY_THROWS_EXCEPTION(std::system_error, loop().add(-1, EPOLLIN, watched));
}

void EventLoopTest::reportsNothingAfterRemovalInTheSameTurn()
{
    Watched first;
    Watched second;
    first.work = [&] { loop().remove(second.descriptor(), second); };
    second.work = [&] { loop().remove(first.descriptor(), first); };
    first.poke();
    second.poke();
    turn();
    QCOMPARE(first.eventCount + second.eventCount, 1);
}

void EventLoopTest::letsAHandlerDestroyItself()
{
    auto watched = std::make_unique<Watched>();
    watched->work = [&] { watched.reset(); };
    watched->poke();
    QVERIFY(eventually([&] { return !watched; }));
    turn();
}

void EventLoopTest::letsAHandlerDestroyAllOthers()
{
    std::vector<std::unique_ptr<Watched>> all;
    int count = 0;
    for (int index = 0; index < 20; ++index) {
        all.push_back(std::make_unique<Watched>());
        all.back()->work = [&] {
            ++count;
            all.clear();
        };
        loop().flushLater(*all.back());
    }
    for (const auto &watched : all) {
        watched->poke();
    }
    QVERIFY(eventually([&] { return all.empty(); }));
    turn();
    QCOMPARE(count, 1);
}

void EventLoopTest::survivesANestedTurnInAHandler()
{
    std::vector<std::unique_ptr<Watched>> all;
    bool hasNested = false;
    for (int index = 0; index < 20; ++index) {
        all.push_back(std::make_unique<Watched>());
        Watched &watched = *all.back();
        watched.work = [&] {
            watched.drain();
            if (!std::exchange(hasNested, true)) {
                turn();
            }
        };
        watched.poke();
    }
    // Some events reach the nested turn, the others the outer one: every handler hears exactly
    // once.
    QVERIFY(eventually([&] {
        return std::ranges::all_of(all, [](const auto &each) { return each->eventCount > 0; });
    }));
    turn();
    for (const auto &watched : all) {
        QCOMPARE(watched->eventCount, 1);
    }
}

void EventLoopTest::flushesOnceBeforeItSleeps()
{
    Watched watched;
    loop().flushLater(watched);
    loop().flushLater(watched);
    QCOMPARE(watched.flushCount, 0);
    turn();
    QCOMPARE(watched.flushCount, 1);
    turn();
    QCOMPARE(watched.flushCount, 1);
}

void EventLoopTest::forgetsAFlushOfADestroyedHandler()
{
    Watched first;
    auto second = std::make_unique<Watched>();
    first.flushWork = [&] { second.reset(); };
    loop().flushLater(first);
    loop().flushLater(*second);
    turn();
    QCOMPARE(first.flushCount, 1);
}

void EventLoopTest::letsDescriptorsIntoARowOfFlushes()
{
    Watched watched;
    watched.poke();
    watched.flushWork = [&] {
        if (watched.eventCount == 0 && watched.flushCount < 1'000) {
            loop().flushLater(watched);
        }
    };
    loop().flushLater(watched);
    turn();
    QCOMPARE(watched.eventCount > 0, true);
    QCOMPARE(watched.flushCount, 1);
    turn();
    QCOMPARE(watched.flushCount, 2);
}

void EventLoopTest::doesNotSleepBeforeTheLastFlush()
{
    // Nothing but the last flush wakes the loop: a turn that slept before it would hang.
    Watched watched;
    watched.flushWork = [&] {
        if (watched.flushCount < 100) {
            loop().flushLater(watched);
        } else {
            loop().post([] { });
        }
    };
    loop().flushLater(watched);
    while (watched.flushCount < 100) {
        QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    QCOMPARE(watched.flushCount, 100);
}

void EventLoopTest::flushesTheRestFromANestedTurn()
{
    Watched first;
    Watched second;
    Watched third;
    bool wasSecondFlushedInside = false;
    first.flushWork = [&] {
        loop().flushLater(third);
        turn();
        wasSecondFlushedInside = second.flushCount == 1;
    };
    loop().flushLater(first);
    loop().flushLater(second);
    turn();
    turn();
    QVERIFY(wasSecondFlushedInside);
    QCOMPARE(first.flushCount + second.flushCount + third.flushCount, 3);
}

void EventLoopTest::runsPostedWorkInOrder()
{
    std::vector<int> order;
    for (int index = 0; index < 5; ++index) {
        loop().post([&order, index] { order.push_back(index); });
    }
    QVERIFY(order.empty());
    turn();
    QCOMPARE(order, (std::vector{0, 1, 2, 3, 4}));
}

void EventLoopTest::runsWorkPostedByPostedWorkInALaterTurn()
{
    // Posting for ever must not hold up the descriptors.
    Watched watched;
    watched.poke();
    int count = 0;
    std::function<void()> again = [&] {
        if (watched.eventCount == 0) {
            ++count;
            loop().post(again);
        }
    };
    loop().post(again);
    turn();
    QCOMPARE(watched.eventCount > 0, true);
    QCOMPARE(count, 1);
    turn();
}

void EventLoopTest::runsTheRestOfPostedWorkFromANestedTurn()
{
    bool isSecondDone = false;
    bool wasSecondDoneInside = false;
    loop().post([&] {
        turn();
        wasSecondDoneInside = isSecondDone;
    });
    loop().post([&] { isSecondDone = true; });
    turn();
    QVERIFY(wasSecondDoneInside);
}

void EventLoopTest::wakesForWorkOfAnotherThread()
{
    EventLoop &own = loop();
    bool isDone = false;
    QEventLoop outer;
    std::thread other([&] {
        own.post([&] {
            isDone = true;
            outer.quit();
        });
    });
    outer.exec();
    other.join();
    QVERIFY(isDone);
}

void EventLoopTest::losesNoWorkOfManyThreads()
{
    // Nothing but these posts wakes the loop: a single lost wake-up would hang it.
    constexpr int threadCount = 4;
    constexpr int postCount = 5'000;
    EventLoop &own = loop();
    int done = 0;
    QEventLoop outer;
    std::vector<std::thread> threads;
    for (int index = 0; index < threadCount; ++index) {
        threads.emplace_back([&] {
            for (int number = 0; number < postCount; ++number) {
                own.post([&] {
                    if (++done == threadCount * postCount) {
                        outer.quit();
                    }
                });
                if (number % 16 == 0) {
                    std::this_thread::yield();
                }
            }
        });
    }
    outer.exec();
    for (std::thread &thread : threads) {
        thread.join();
    }
    QCOMPARE(done, threadCount * postCount);
}

void EventLoopTest::firesTimersOfTheWheel()
{
    QEventLoop outer;
    Timer timer(loop().timers(), [&] { outer.quit(); });
    timer.start(0ms);
    outer.exec();
    QVERIFY(!timer.isActive());
}

void EventLoopTest::letsATimerCallbackTurnANestedLoop()
{
    QEventLoop inner;
    QEventLoop outer;
    Timer second(loop().timers(), [&] { inner.quit(); });
    Timer first(loop().timers(), [&] {
        inner.exec();
        outer.quit();
    });
    first.start(0ms);
    second.start(0ms);
    outer.exec();
    QVERIFY(!first.isActive() && !second.isActive());
}

DELTA_LOOP_TEST_MAIN(EventLoopTest)
#include "tst_event_loop.moc"
