#include "gateway/identity/password_desk.h"
#include "gateway/identity/password_pool.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>
#include <memory>
#include <thread>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::identity;

namespace {

/// Returns the shortest of five times that a wrong password took.
std::chrono::nanoseconds timeToCheck(const QByteArray &hash, const auth::PasswordCost &cost,
                                     Random &random)
{
    auto shortest = std::chrono::nanoseconds::max();
    for (int i = 0; i < 5; ++i) {
        const auto begin = std::chrono::steady_clock::now();
        {
            PasswordPool pool({});
            PasswordDesk desk(
                {pool, random, [](const std::function<void()> &work) { work(); }, cost});
            if (!desk.check(Secret("y"), hash, [](const PasswordVerdict &) { })) {
                qFatal("an empty pool is full");
            }
        } // The pool has done its work.
        shortest = std::min<std::chrono::nanoseconds>(shortest,
                                                      std::chrono::steady_clock::now() - begin);
    }
    return shortest;
}

} // namespace

class PasswordPoolTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void refusesWhatItHasNoRoomFor()
    {
        std::latch release(1);
        std::latch busy(2);
        std::atomic<int> done = 0;
        {
            PasswordPool pool({.threads = 2, .queue = 16});
            for (int i = 0; i < 2; ++i) {
                QVERIFY(pool.post([&] {
                    busy.count_down();
                    release.wait();
                    ++done;
                }));
            }
            busy.wait();
            for (int i = 0; i < 16; ++i) {
                QVERIFY(pool.post([&done] { ++done; }));
            }
            const auto refused = pool.post([&done] { done += 100; });
            QVERIFY(!refused);
            QCOMPARE(refused.error().status(), 429);
            QCOMPARE(refused.error().retryAfter, 2s);
            release.count_down();
            pool.stop();
            QCOMPARE(pool.post([] { }).error().kind, ErrorKind::ShuttingDown);
        }
        QCOMPARE(done, 18); // What was taken is done, also at the end.
    }

    void worksElsewhereAndBringsHomeWhatCameOfIt()
    {
        std::atomic<bool> isHome = false;
        const auto here = std::this_thread::get_id();
        std::thread::id there;
        bool isRight = false;
        SystemRandom random;
        {
            PasswordPool pool({});
            PasswordDesk desk({pool,
                               random,
                               [&](const std::function<void()> &work) {
                                   there = std::this_thread::get_id();
                                   work();
                                   isHome = true;
                               },
                               {64, 1, 1}});
            const auto hash = auth::hashPassword(Secret("x"), random, {64, 1, 1}).value();
            QVERIFY(desk.check(Secret("x"), hash, [&isRight](const PasswordVerdict &verdict) {
                isRight = verdict.isRight && verdict.rehashed.isEmpty();
            }));
        }
        QVERIFY(isHome && isRight);
        QVERIFY(there != here);
    }

    void hashesAnewWhatCostTooLittle()
    {
        PasswordVerdict right;
        PasswordVerdict wrong{true, {}};
        SystemRandom random;
        const auth::PasswordCost today{128, 2, 1};
        {
            PasswordPool pool({});
            PasswordDesk desk(
                {pool, random, [](const std::function<void()> &work) { work(); }, today});
            const auto old = auth::hashPassword(Secret("x"), random, {64, 1, 1}).value();
            QVERIFY(desk.check(Secret("x"), old, [&right](const auto &is) { right = is; }));
            QVERIFY(desk.check(Secret("y"), old, [&wrong](const auto &is) { wrong = is; }));
        }
        QVERIFY(right.isRight && !auth::isWeaker(right.rehashed, today));
        QVERIFY(auth::isPassword(Secret("x"), right.rehashed));
        QVERIFY(!wrong.isRight && wrong.rehashed.isEmpty());
    }

    /// Who is not known must not be told by the time it takes.
    void takesAsLongForNobody()
    {
        SystemRandom random;
        const auth::PasswordCost cost{16'384, 2, 1};
        const auto hash = auth::hashPassword(Secret("x"), random, cost).value();
        const auto nobody = timeToCheck({}, cost, random);
        const auto somebody = timeToCheck(hash, cost, random);
        QVERIFY(nobody < 3 * somebody && somebody < 3 * nobody);
    }
};

QTEST_GUILESS_MAIN(PasswordPoolTest)
#include "tst_password_pool.moc"
