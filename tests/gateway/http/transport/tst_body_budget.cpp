#include "gateway/http/transport/body_budget.h"

#include <QtTest>

#include <thread>
#include <vector>

using delta::http::BodyBudget;

namespace {

constexpr qint64 freeBytes = BodyBudget::freeBytes;

} // namespace

class BodyBudgetTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsNothingOfASmallBody();
    void countsWhatIsBeyond();
    void refusesBeyondTheBudgetAndKeepsTheCount();
    void givesBack();
    void hasNoLimitAtZero();
    void countsRightFromManyThreads();
};

void BodyBudgetTest::countsNothingOfASmallBody()
{
    BodyBudget budget(1);
    BodyBudget::Share share(budget);

    QVERIFY(share.cover(0));
    QVERIFY(share.cover(freeBytes));
    QCOMPARE(budget.used(), 0);
}

void BodyBudgetTest::countsWhatIsBeyond()
{
    BodyBudget budget(10'000);
    BodyBudget::Share share(budget);

    QVERIFY(share.cover(freeBytes + 10));
    QCOMPARE(budget.used(), 10);
    QVERIFY(share.cover(freeBytes + 10'000));
    QCOMPARE(budget.used(), 10'000);
}

void BodyBudgetTest::refusesBeyondTheBudgetAndKeepsTheCount()
{
    BodyBudget budget(100);
    BodyBudget::Share first(budget);
    BodyBudget::Share second(budget);
    QVERIFY(first.cover(freeBytes + 60));

    QVERIFY(!second.cover(freeBytes + 41));
    QCOMPARE(budget.used(), 60);
    QVERIFY(second.cover(freeBytes + 40));
    QVERIFY(!first.cover(freeBytes + 61));
    QCOMPARE(budget.used(), 100);
}

void BodyBudgetTest::givesBack()
{
    BodyBudget budget(100);
    {
        BodyBudget::Share first(budget);
        BodyBudget::Share second(budget);
        QVERIFY(first.cover(freeBytes + 50));
        QVERIFY(second.cover(freeBytes + 50));
        first.release();
        first.release();
        QCOMPARE(budget.used(), 50);
        QVERIFY(first.cover(freeBytes + 50));
    }
    QCOMPARE(budget.used(), 0);
}

void BodyBudgetTest::hasNoLimitAtZero()
{
    BodyBudget budget(0);
    BodyBudget::Share share(budget);

    QVERIFY(share.cover(freeBytes + (1LL << 40)));
    QCOMPARE(budget.used(), 1LL << 40);
}

void BodyBudgetTest::countsRightFromManyThreads()
{
    BodyBudget budget(1'000);
    std::vector<std::thread> threads;
    for (int index = 0; index < 8; ++index) {
        threads.emplace_back([&budget] {
            for (int round = 0; round < 5'000; ++round) {
                BodyBudget::Share share(budget);
                (void)(share.cover(freeBytes + 200) && share.cover(freeBytes + 400));
            }
        });
    }
    for (std::thread &thread : threads) {
        thread.join();
    }

    QCOMPARE(budget.used(), 0);
}

QTEST_GUILESS_MAIN(BodyBudgetTest)

#include "tst_body_budget.moc"
