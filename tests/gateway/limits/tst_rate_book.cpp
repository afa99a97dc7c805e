// labels: unit
#include "gateway/limits/rate_book.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <array>
#include <atomic>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

using namespace delta;
using namespace std::chrono_literals;
using delta::limits::RateBook;
using delta::limits::RateHold;
using delta::limits::RateRule;
using delta::limits::RateUnit;

namespace {

constexpr SteadyTime start = SteadyTime(1'000'000s);

RateRule requests(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, RateUnit::Requests, 1min, limit};
}

RateRule tokens(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, RateUnit::Tokens, 1min, limit};
}

RateRule parallel(qint64 limit, const QByteArray &counter = "key k1")
{
    return {counter, RateUnit::Parallel, 0ms, limit};
}

} // namespace

class RateBookTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void letsAsManyCallsThroughAsTheLimitSays();
    void takesBackWhatACallCountedThatNeverBegan();
    void consumesNothingWhereAnyRuleRefuses();
    void reservesTokensAndSettlesWithTheTruth();
    void countsWhatALongCallNeededMoreWhenItEnds();
    void settlesInACounterThatCountedNothingYet();
    void refusesForEverWhatIsLargerThanTheLimit();
    void freesASlotAtEveryEnd();
    void saysWhenThereIsRoomAgain();
    void namesTheRuleThatHasRoomLast();
    void obeysALimitThatChangesAtOnce();
    void keepsCountersApart();
    void countsACallOnceWhereRulesShareACounter();
    void saysHowRulesStand();
    void letsNoMinuteHaveMoreThanItsLimit();
    void holdsUnderManyThreads();
    void countsAsASimpleModelDoes();
    void leaksNothingWhateverEndsACall();
    void forgetsCountersThatCountNothing();
};

void RateBookTest::letsAsManyCallsThroughAsTheLimitSays()
{
    RateBook book;
    const std::vector rules{requests(3)};
    for (int call = 0; call < 3; ++call) {
        auto hold = book.admit(rules, 0, start);
        QVERIFY(hold);
        book.settle(*std::move(hold), 0, start);
    }
    const auto refused = book.admit(rules, 0, start);
    QVERIFY(!refused);
    QCOMPARE(refused.error().used, 3);
    QCOMPARE(refused.error().rule.limit, 3);
    QVERIFY(book.admit(rules, 0, start + 61s));
}

void RateBookTest::takesBackWhatACallCountedThatNeverBegan()
{
    RateBook book;
    const std::vector rules{requests(1), tokens(10), parallel(1)};
    for (int call = 0; call < 5; ++call) {
        QVERIFY(book.admit(rules, 10, start));
    }
}

void RateBookTest::consumesNothingWhereAnyRuleRefuses()
{
    RateBook book;
    const std::vector both{requests(1), requests(0, "gateway")};
    QVERIFY(!book.admit(both, 0, start));
    const std::vector one{requests(1)};
    QVERIFY(book.admit(one, 0, start));
}

void RateBookTest::reservesTokensAndSettlesWithTheTruth()
{
    RateBook book;
    const std::vector rules{tokens(100)};
    auto hold = book.admit(rules, 80, start);
    QVERIFY(!book.admit(rules, 21, start));
    book.settle(*std::move(hold), 30, start);
    QVERIFY(book.admit(rules, 70, start));
    QVERIFY(!book.admit(rules, 71, start));
    hold = book.admit(rules, 10, start);
    book.settle(*std::move(hold), 500, start);
    QCOMPARE(book.states(rules, start).front().used, 530);
    QVERIFY(!book.admit(rules, 1, start));
}

void RateBookTest::countsWhatALongCallNeededMoreWhenItEnds()
{
    RateBook book;
    const std::vector rules{tokens(100)};
    auto hold = book.admit(rules, 10, start);
    const SteadyTime end = start + 5min; // The window of its beginning is long over.
    book.settle(*std::move(hold), 90, end);
    QCOMPARE(book.states(rules, end).front().used, 80);
    QVERIFY(!book.admit(rules, 21, end + 59s));
    QVERIFY(book.admit(rules, 21, end + 61s));
}

void RateBookTest::settlesInACounterThatCountedNothingYet()
{
    RateBook book;
    const std::vector rules{tokens(100)};
    auto hold = book.admit(rules, 0, start);
    for (int key = 0; key < 3000; ++key) { // Enough for those to be looked for that count nothing.
        std::ignore = book.admit(std::vector{tokens(1, "key " + QByteArray::number(key))}, 0,
                                 start);
    }
    book.settle(*std::move(hold), 50, start);
    QCOMPARE(book.states(rules, start).front().used, 50);
}

void RateBookTest::refusesForEverWhatIsLargerThanTheLimit()
{
    RateBook book;
    const std::vector rules{tokens(100)};
    const auto refused = book.admit(rules, 101, start);
    QVERIFY(!refused);
    QVERIFY(!refused.error().retryAfter);
    QCOMPARE(refused.error().wanted, 101);
}

void RateBookTest::freesASlotAtEveryEnd()
{
    RateBook book;
    const std::vector rules{parallel(2)};
    auto first = book.admit(rules, 0, start);
    auto second = book.admit(rules, 0, start);
    const auto third = book.admit(rules, 0, start);
    QVERIFY(!third);
    QCOMPARE(third.error().retryAfter, 1s);
    book.settle(*std::move(first), 0, start);
    QVERIFY(book.admit(rules, 0, start + 1h));
    {
        const RateHold dropped = *std::move(second);
    }
    QCOMPARE(book.states(rules, start).front().used, 0);
}

void RateBookTest::saysWhenThereIsRoomAgain()
{
    const std::vector rules{tokens(100)};
    const SteadyTime now = start + 20s;
    // 11 more need the first to be forgotten, 51 more need both; a step lasts one second.
    for (const auto &[wanted, wait] :
         {std::pair(11, 41s), std::pair(50, 41s), std::pair(51, 51s)}) {
        RateBook book;
        book.settle(*book.admit(rules, 40, start), 40, start);
        book.settle(*book.admit(rules, 50, start + 10s), 50, start);
        const auto refused = book.admit(rules, wanted, now);
        QVERIFY(!refused);
        QCOMPARE(*refused.error().retryAfter, wait);
        QVERIFY(!book.admit(rules, wanted, now + wait - 1ms));
        QVERIFY(book.admit(rules, wanted, now + wait));
    }
}

void RateBookTest::namesTheRuleThatHasRoomLast()
{
    RateBook book;
    const RateRule daily{"key k1", RateUnit::Requests, 24h, 1};
    const std::vector rules{requests(1), daily, parallel(1)};
    auto hold = book.admit(rules, 0, start);
    QCOMPARE(book.admit(rules, 0, start).error().rule.period, 24h);
    const std::vector impossible{daily, tokens(5)};
    QCOMPARE(book.admit(impossible, 6, start).error().rule.unit, RateUnit::Tokens);
}

void RateBookTest::obeysALimitThatChangesAtOnce()
{
    RateBook book;
    book.settle(*book.admit(std::vector{requests(5)}, 0, start), 0, start);
    QVERIFY(!book.admit(std::vector{requests(1)}, 0, start));
    QVERIFY(book.admit(std::vector{requests(2)}, 0, start));
}

void RateBookTest::keepsCountersApart()
{
    RateBook book;
    const RateRule hourly{"key k1", RateUnit::Requests, 1h, 1};
    const std::vector rules{requests(1), requests(1, "key k2"), hourly};
    for (const RateRule &rule : rules) {
        book.settle(*book.admit({rule}, 0, start), 0, start);
    }
    for (const RateRule &rule : rules) {
        QVERIFY(!book.admit({rule}, 0, start));
    }
}

void RateBookTest::countsACallOnceWhereRulesShareACounter()
{
    RateBook book;
    const std::vector rules{requests(5), requests(3), parallel(9), parallel(1)};
    auto hold = book.admit(rules, 0, start);
    QVERIFY(hold);
    QCOMPARE(book.states(rules, start).front().used, 1);
    QCOMPARE(book.admit(rules, 0, start).error().rule.limit, 1);
    book.settle(*std::move(hold), 0, start);
    QCOMPARE(book.states(rules, start).back().used, 0);
    book.settle(*book.admit(rules, 0, start), 0, start);
    book.settle(*book.admit(rules, 0, start), 0, start);
    QCOMPARE(book.admit(rules, 0, start).error().rule.limit, 3);
}

void RateBookTest::saysHowRulesStand()
{
    RateBook book;
    const std::vector rules{requests(10), tokens(100), parallel(4)};
    const auto hold = book.admit(rules, 30, start);
    const auto states = book.states(rules, start);
    QCOMPARE(hold->states().size(), 3U); // The call is told the same.
    QCOMPARE(hold->states()[1].remaining(), 70);
    const auto refused = book.admit(rules, 71, start);
    QCOMPARE(refused.error().states[1].remaining(), 70);
    QCOMPARE(states[0].remaining(), 9);
    QCOMPARE(states[0].resetsIn, 61s);
    QCOMPARE(states[1].remaining(), 70);
    QCOMPARE(states[2].remaining(), 3);
    QCOMPARE(book.states(std::array{requests(10, "key k9")}, start).front().resetsIn, 0ms);
    QCOMPARE(book.size(), 1); // To look is not to count.
}

void RateBookTest::letsNoMinuteHaveMoreThanItsLimit()
{
    constexpr qint64 limit = 500;
    const std::vector rules{tokens(limit)};
    RateBook book;
    Dice dice(7);
    std::multimap<SteadyTime, qint64> let;
    SteadyTime now = start;
    for (int round = 0; round < 20'000; ++round) {
        dice.next();
        now += std::chrono::milliseconds(dice.between(0, 1500));
        const qint64 wanted = dice.between(1, 60);
        if (auto hold = book.admit(rules, wanted, now)) {
            const qint64 used = dice.between(0, wanted);
            let.emplace(now, used);
            book.settle(*std::move(hold), used, now);
        }
        qint64 minute = 0;
        for (const auto &[at, used] :
             std::ranges::subrange(let.upper_bound(now - 60s), let.end())) {
            minute += used;
        }
        QVERIFY2(minute <= limit, dice.where());
    }
}

void RateBookTest::holdsUnderManyThreads()
{
    RateBook book;
    std::atomic<int> running = 0;
    std::atomic<int> let = 0;
    {
        std::vector<std::jthread> callers;
        for (int thread = 0; thread < 4; ++thread) {
            callers.emplace_back([&] {
                const std::vector rules{requests(1000), parallel(3)};
                for (int call = 0; call < 5000; ++call) {
                    auto hold = book.admit(rules, 0, start);
                    if (!hold) {
                        continue;
                    }
                    if (++running > 3) {
                        qFatal("more calls under way than the limit says");
                    }
                    --running;
                    ++let;
                    book.settle(*std::move(hold), 0, start);
                }
            });
        }
    }
    QVERIFY(let <= 1000);
    QCOMPARE(book.states(std::array{requests(1000)}, start).front().used, let.load());
    QCOMPARE(book.states(std::array{parallel(3)}, start).front().used, 0);
}

/// Calls of three keys of one team begin, settle and are dropped in random order, and the book must agree at
/// each step with sums over the calls.
void RateBookTest::countsAsASimpleModelDoes()
{
    struct Running {
        RateHold hold;
        std::size_t key;
        qint64 tokens;
    };
    constexpr qint64 most = 40'000;
    RateBook book;
    Dice dice(11);
    std::vector<Running> running;
    std::array<qint64, 3> calls{};
    std::array<qint64, 3> used{};
    std::array<qint64, 3> open{};
    const auto rulesOf = [](std::size_t key) {
        const QByteArray name = "key " + QByteArray::number(qint64(key));
        return std::vector{requests(900, name), tokens(most, name), parallel(4, name),
                           requests(2000, "t"), tokens(most, "t"),  parallel(9, "t")};
    };
    for (int round = 0; round < 10'000; ++round) {
        dice.next();
        const auto key = static_cast<std::size_t>(dice.between(0, 2));
        const qint64 wanted = dice.between(0, 30);
        if (dice.between(0, 1) == 0) {
            auto hold = book.admit(rulesOf(key), wanted, start);
            const bool fits = calls[key] < 900 && used[key] + wanted <= most && open[key] < 4
                && calls[0] + calls[1] + calls[2] < 2000
                && used[0] + used[1] + used[2] + wanted <= most && open[0] + open[1] + open[2] < 9;
            QVERIFY2(hold.has_value() == fits, dice.where());
            if (hold) {
                ++calls[key];
                used[key] += wanted;
                ++open[key];
                running.push_back({*std::move(hold), key, wanted});
            }
        } else if (!running.empty()) {
            const auto index = dice.between(0, qint64(running.size()) - 1);
            Running ended = std::move(running[std::size_t(index)]);
            running.erase(running.begin() + index);
            --open[ended.key];
            if (dice.between(0, 1) == 0) {
                used[ended.key] += wanted - ended.tokens;
                book.settle(std::move(ended.hold), wanted, start);
            } else {
                --calls[ended.key];
                used[ended.key] -= ended.tokens;
            }
        }
        const auto states = book.states(rulesOf(key), start);
        QVERIFY2(states[0].used == calls[key], dice.where());
        QVERIFY2(states[1].used == used[key], dice.where());
        QVERIFY2(states[2].used == open[key], dice.where());
        QVERIFY2(states[4].used == used[0] + used[1] + used[2], dice.where());
        QVERIFY2(states[5].used == open[0] + open[1] + open[2], dice.where());
    }
}

/// Four threads begin calls, and end those of each other: settled, dropped, or overwritten by another.
void RateBookTest::leaksNothingWhateverEndsACall()
{
    RateBook book;
    std::mutex mutex;
    std::vector<RateHold> shared;
    std::atomic<qint64> settled = 0;
    const auto take = [&]() -> RateHold {
        const std::scoped_lock lock(mutex);
        if (shared.empty()) {
            return {};
        }
        RateHold hold = std::move(shared.back());
        shared.pop_back();
        return hold;
    };
    const std::vector rules{requests(1'000'000), tokens(1'000'000'000), parallel(50),
                            parallel(60, "team t")};
    {
        std::vector<std::jthread> callers;
        for (quint64 thread = 0; thread < 4; ++thread) {
            callers.emplace_back([&, thread] {
                Dice dice(thread + 1);
                for (int round = 0; round < 5000; ++round) {
                    dice.next();
                    const auto action = dice.between(0, 3);
                    if (action <= 1) {
                        if (auto hold = book.admit(rules, 7, start)) {
                            const std::scoped_lock lock(mutex);
                            shared.push_back(*std::move(hold));
                        }
                    } else if (RateHold hold = take(); action == 2 && !hold.states().empty()) {
                        book.settle(std::move(hold), 3, start);
                        ++settled;
                    }
                }
            });
        }
    }
    for (RateHold &hold : shared) {
        hold = RateHold();
    }
    const auto states = book.states(rules, start);
    QVERIFY(settled > 0);
    QCOMPARE(states[0].used, settled.load());
    QCOMPARE(states[1].used, 3 * settled.load());
    QCOMPARE(states[2].used, 0);
    QCOMPARE(states[3].used, 0);
}

void RateBookTest::forgetsCountersThatCountNothing()
{
    RateBook book;
    std::vector<RateHold> holds;
    for (int key = 0; key < 20'000; ++key) {
        const std::vector rules{requests(1, "key " + QByteArray::number(key))};
        auto hold = book.admit(rules, 0, start + std::chrono::seconds(key));
        QVERIFY(hold);
        book.settle(*std::move(hold), 0, start);
    }
    QVERIFY(book.size() < 3000);
}

QTEST_GUILESS_MAIN(RateBookTest)
#include "tst_rate_book.moc"
