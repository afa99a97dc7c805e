#include "gateway/app/loop_background.h"
#include "gateway/app/work_queue.h"
#include "tests/support/loop_main.h"

#include <QEventLoop>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

using delta::app::LoopBackground;
using delta::app::WorkQueue;

class WorkQueueTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void worksInTheOrderGiven();
    void worksOnOneThreadOfItsOwn();
    void finishesWhatIsQueuedBeforeItEnds();
    void takesWorkFromWithinWork();
    void takesWorkFromManyThreads();
    void endsWithoutEverWorking();
    void takesNoMoreThanMayWait();
    void takesNothingOnceItIsFinished();
    void bringsTheResultBackToTheLoop();
};

void WorkQueueTest::worksInTheOrderGiven()
{
    std::vector<int> done;
    {
        WorkQueue queue;
        for (int number = 0; number < 1'000; ++number) {
            queue.post([&done, number] { done.push_back(number); });
        }
    }
    QCOMPARE(done.size(), 1'000U);
    QVERIFY(std::ranges::is_sorted(done));
}

void WorkQueueTest::worksOnOneThreadOfItsOwn()
{
    std::vector<std::thread::id> threads;
    {
        WorkQueue queue;
        for (int number = 0; number < 3; ++number) {
            queue.post([&threads] { threads.push_back(std::this_thread::get_id()); });
        }
    }
    QCOMPARE(threads.size(), 3U);
    QVERIFY(threads[0] != std::this_thread::get_id());
    QVERIFY(threads[0] == threads[1] && threads[1] == threads[2]);
}

void WorkQueueTest::finishesWhatIsQueuedBeforeItEnds()
{
    std::binary_semaphore mayGoOn{0};
    int done = 0;
    {
        WorkQueue queue;
        queue.post([&mayGoOn] { mayGoOn.acquire(); });
        for (int number = 0; number < 10; ++number) {
            queue.post([&done] { ++done; });
        }
        mayGoOn.release(); // All of it is queued by now, and the end begins.
    }
    QCOMPARE(done, 10);
}

void WorkQueueTest::takesWorkFromWithinWork()
{
    int done = 0;
    std::binary_semaphore isDone{0};
    WorkQueue queue;
    queue.post([&] {
        queue.post([&] {
            ++done;
            isDone.release();
        });
        ++done;
    });
    isDone.acquire();
    QCOMPARE(done, 2);
}

void WorkQueueTest::takesWorkFromManyThreads()
{
    int done = 0; // Only the queue's thread touches it.
    {
        WorkQueue queue;
        std::vector<std::jthread> threads;
        for (int number = 0; number < 4; ++number) {
            threads.emplace_back([&queue, &done] {
                for (int each = 0; each < 500; ++each) {
                    queue.post([&done] { ++done; });
                }
            });
        }
    }
    QCOMPARE(done, 2'000);
}

void WorkQueueTest::endsWithoutEverWorking()
{
    const WorkQueue queue;
    QVERIFY(true);
}

void WorkQueueTest::takesNoMoreThanMayWait()
{
    std::binary_semaphore hasBegun{0};
    std::binary_semaphore mayGoOn{0};
    std::atomic<int> done = 0;
    {
        WorkQueue queue;
        QVERIFY(queue.tryPost(
            [&] {
                hasBegun.release();
                mayGoOn.acquire();
            },
            1));
        hasBegun.acquire(); // It waits no more.
        QVERIFY(queue.tryPost([&done] { ++done; }, 2));
        QVERIFY(queue.tryPost([&done] { ++done; }, 2));
        QVERIFY(!queue.tryPost([&done] { ++done; }, 2));
        mayGoOn.release();
    }
    QCOMPARE(done, 2);
}

void WorkQueueTest::takesNothingOnceItIsFinished()
{
    std::atomic<int> done = 0;
    WorkQueue queue;
    QVERIFY(queue.tryPost([&done] { ++done; }, 1));
    queue.finish();
    QCOMPARE(done, 1);
    QVERIFY(!queue.tryPost([&done] { ++done; }, 1));
    queue.finish();
    QCOMPARE(done, 1);
}

void WorkQueueTest::bringsTheResultBackToTheLoop()
{
    const std::thread::id here = std::this_thread::get_id();
    std::thread::id blockedOn;
    std::thread::id answeredOn;
    std::atomic<int> blocked = 0;
    int answered = 0;
    QEventLoop turns;
    WorkQueue queue;
    LoopBackground background(queue, delta::net::EpollDispatcher::ofThisThread().loop());
    for (int number = 0; number < 2; ++number) {
        background.run(
            [&] {
                blockedOn = std::this_thread::get_id();
                ++blocked;
            },
            [&] {
                answeredOn = std::this_thread::get_id();
                if (++answered == 2) {
                    turns.quit();
                }
            });
    }
    QCOMPARE(answered, 0); // Never from within run().
    turns.exec();
    QCOMPARE(answered, 2);
    QCOMPARE(blocked.load(), 2);
    QVERIFY(blockedOn != here);
    QVERIFY(answeredOn == here);
}

DELTA_LOOP_TEST_MAIN(WorkQueueTest)
#include "tst_work_queue.moc"
