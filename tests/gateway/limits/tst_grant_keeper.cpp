// labels: unit money
#include "gateway/limits/grant_keeper.h"
#include "tests/gateway/limits/shared_database.h"

#include <QTest>

#include <deque>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;
using delta::limits::BudgetHold;
using delta::limits::GrantKeeper;
using delta::test::GrantsOfGateway;
using delta::test::SharedDatabase;
using delta::test::TurnedClock;
using Mood = GrantsOfGateway::Mood;

namespace {

constexpr std::int64_t usd = 1'000'000'000;

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget gatewayBudget(std::int64_t limit)
{
    Budget budget;
    budget.id = u"all"_s;
    budget.scope = BudgetScope::Gateway;
    budget.maxBudget = nanos(limit);
    return budget;
}

/// One gateway with one budget, and another one of which only its grant is known.
class Gateway
{
public:
    explicit Gateway(const Budget &budget)
    {
        enter(budget);
    }
    void enter(const Budget &budget)
    {
        if (const auto since = book.put(budget, clock.now)) {
            book.load(budget.id, grants.spending(*since));
        }
    }
    /// Does what was posted to the thread of the grants.
    void work()
    {
        while (!posted.empty()) {
            const auto next = std::move(posted.front());
            posted.pop_front();
            next();
        }
    }
    void ask(Money amount)
    {
        keeper.ask({u"all"_s}, amount,
                   [this](const Result<void> &answer) { answers.push_back(answer); });
    }
    /// Lets a second go by.
    void tend()
    {
        clock.now += 1s;
        keeper.tend();
        work();
    }
    [[nodiscard]] std::expected<BudgetHold, limits::BudgetShortage> reserve(Money amount)
    {
        SpendEntry call;
        call.startedAt = clock.now;
        return book.reserve(call, amount, clock.now);
    }
    /// Settles a call; the ledger posts it when post() is called.
    void settle(BudgetHold hold, Money cost)
    {
        SpendEntry call;
        call.cost = cost;
        journal.push_back({hold.at(), cost});
        book.settle(std::move(hold), call, journal.size() - 1);
    }
    void post()
    {
        database.posted[1] = journal;
    }
    [[nodiscard]] Money held()
    {
        return database.held[1].amount;
    }
    [[nodiscard]] limits::BudgetState state()
    {
        return *book.state(u"all"_s, clock.now);
    }

    TurnedClock clock;
    SharedDatabase database{clock, {}, {}};
    GrantsOfGateway grants{database, 1};
    BudgetBook book{limits::Sharing::SeveralGateways};
    std::deque<std::function<void()>> posted;
    std::vector<Result<void>> answers;
    std::vector<ports::Spending> journal;
    limits::Presence presence{
        {grants, book, clock, [] { return ports::GatewayReport(); }, std::nullopt}};
    GrantKeeper keeper{
        GrantKeeper::Parts{grants, book, presence, clock,
                           [this](std::function<void()> work) { posted.push_back(work); }}};
};

} // namespace

class GrantKeeperTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lendsNothingBeforeTheDatabaseWasAsked();
    void holdsWhatIsAskedForAndSomeMore();
    void asksOnceForAllWhoWait();
    void asksAgainForWhoComesTooLate();
    void answersWhenTheDatabaseIsAway();
    void leavesOthersTheirPart();
    void knowsWhatOthersHaveSpent();
    void showsWhatOthersHaveSpentToWhoLooks();
    void countsWhatTheDatabaseDoesNotShowYet();
    void reservesTheLesserWhileNobodyKnowsWhatIsWritten();
    void handsBackWhatIsNotUsedAnyMore();
    void keepsWhatCallsUnderWayHaveReserved();
    void lendsNothingOfALoweredLimit();
    void lendsNothingOfTheLastWindow();
    void lendsNothingOfAnIncreaseThatHasEnded();
    void holdsOfARollingBudgetForItsLengthAtMost();
    void renewsNothingThatNobodyUses();
    void triesAgainWhatFailed();
    void letsALongSumRest();
};

void GrantKeeperTest::lendsNothingBeforeTheDatabaseWasAsked()
{
    Gateway gateway(gatewayBudget(10 * usd));
    const auto hold = gateway.reserve(nanos(1));
    QVERIFY(!hold);
    QCOMPARE(hold.error().lacking, std::vector{u"all"_s});
    QCOMPARE(hold.error().afford, Money());
    QCOMPARE(hold.error().left(), nanos(10 * usd));
    QVERIFY(gateway.reserve(nanos(11 * usd)).error().lacking.empty());
}

void GrantKeeperTest::holdsWhatIsAskedForAndSomeMore()
{
    Gateway gateway(gatewayBudget(10 * usd));
    gateway.ask(nanos(1000));
    QVERIFY(gateway.answers.empty());
    gateway.work();
    QCOMPARE(gateway.answers.size(), 1U);
    QCOMPARE(gateway.held(), nanos(1000 + usd / 10)); // A hundredth of what is left.
    const auto hold = gateway.reserve(gateway.held());
    QVERIFY(hold);
    QVERIFY(!gateway.reserve(nanos(1)));
}

void GrantKeeperTest::asksOnceForAllWhoWait()
{
    Gateway gateway(gatewayBudget(10 * usd));
    for (int caller = 0; caller < 64; ++caller) {
        gateway.ask(nanos(usd / 10));
    }
    gateway.work();
    QCOMPARE(gateway.answers.size(), 64U);
    QCOMPARE(gateway.grants.renewals, 1);
    QVERIFY(gateway.held() >= nanos(64 * usd / 10));
}

void GrantKeeperTest::asksAgainForWhoComesTooLate()
{
    Gateway gateway(gatewayBudget(10 * usd));
    int times = 0;
    gateway.grants.meanwhile = [&] {
        if (++times == 2) { // It has decided already.
            gateway.ask(nanos(5 * usd));
        }
    };
    gateway.ask(nanos(usd));
    gateway.work();
    QCOMPARE(gateway.answers.size(), 2U);
    QCOMPARE(gateway.grants.renewals, 2);
    QVERIFY(gateway.reserve(nanos(5 * usd)));
}

void GrantKeeperTest::answersWhenTheDatabaseIsAway()
{
    Gateway gateway(gatewayBudget(10 * usd));
    gateway.grants.mood = Mood::IsAway;
    gateway.ask(nanos(1000));
    gateway.work();
    QCOMPARE(gateway.answers.size(), 1U);
    QVERIFY(!gateway.answers.front());
    QVERIFY(!gateway.reserve(nanos(1)));
    gateway.grants.mood = Mood::Works;
    gateway.ask(nanos(1000));
    gateway.work();
    QVERIFY(gateway.answers.back().has_value());
}

void GrantKeeperTest::leavesOthersTheirPart()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.database.held[2] = {nanos(700), std::nullopt};
    gateway.ask(nanos(500));
    gateway.work();
    QCOMPARE(gateway.held(), nanos(300));
    const auto hold = gateway.reserve(nanos(500));
    QCOMPARE(hold.error().afford, nanos(300));
    QCOMPARE(hold.error().elsewhere, nanos(700));
    QVERIFY(gateway.reserve(nanos(300)));
}

void GrantKeeperTest::knowsWhatOthersHaveSpent()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.database.posted[2] = {{gateway.clock.now, nanos(400)}};
    gateway.ask(nanos(600));
    gateway.work();
    QCOMPARE(gateway.state().spent, nanos(400));
    const auto hold = gateway.reserve(nanos(600));
    QVERIFY(hold);
    QVERIFY(gateway.reserve(nanos(1)).error().lacking.empty());
}

void GrantKeeperTest::showsWhatOthersHaveSpentToWhoLooks()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.ask(nanos(100));
    gateway.work();
    gateway.settle(*gateway.reserve(nanos(100)), nanos(60));
    gateway.database.posted[2] = {{gateway.clock.now, nanos(400)}};
    const auto question = gateway.book.question(u"all"_s, gateway.clock.now);
    gateway.book.see(*question, gateway.grants.spending(question->since), gateway.clock.now);
    QCOMPARE(gateway.state().spent, nanos(460));
    gateway.post();
    gateway.book.see(*question, gateway.grants.spending(question->since), gateway.clock.now);
    QCOMPARE(gateway.state().spent, nanos(460));
}

void GrantKeeperTest::countsWhatTheDatabaseDoesNotShowYet()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.ask(nanos(1000));
    gateway.work();
    gateway.settle(*gateway.reserve(nanos(1000)), nanos(400));
    gateway.tend();
    QCOMPARE(gateway.state().spent, nanos(400));
    QVERIFY(gateway.held() >= nanos(400));
    gateway.post();
    gateway.tend();
    gateway.tend();
    QCOMPARE(gateway.state().spent, nanos(400));
    QCOMPARE(gateway.held(), Money());
}

void GrantKeeperTest::reservesTheLesserWhileNobodyKnowsWhatIsWritten()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.ask(nanos(100));
    gateway.work();
    QCOMPARE(gateway.held(), nanos(200));
    for (const Mood mood : {Mood::LosesWork, Mood::LosesAnswers}) {
        gateway.grants.mood = mood;
        gateway.ask(nanos(600));
        gateway.work();
        QVERIFY(!gateway.answers.back());
        QVERIFY(!gateway.reserve(nanos(201)));
        QVERIFY(gateway.reserve(nanos(200)));
    }
}

void GrantKeeperTest::handsBackWhatIsNotUsedAnyMore()
{
    Gateway gateway(gatewayBudget(1000 * usd));
    gateway.ask(nanos(usd));
    gateway.work();
    gateway.settle(*gateway.reserve(nanos(usd)), nanos(usd));
    gateway.post();
    gateway.tend();
    QCOMPARE(gateway.held(), nanos(2 * usd)); // Twice what it spent, to go on with.
    gateway.tend();
    QCOMPARE(gateway.held(), Money());
}

void GrantKeeperTest::keepsWhatCallsUnderWayHaveReserved()
{
    Gateway gateway(gatewayBudget(1000 * usd));
    gateway.ask(nanos(usd));
    gateway.work();
    auto hold = gateway.reserve(nanos(usd));
    gateway.tend();
    gateway.tend();
    QCOMPARE(gateway.held(), nanos(usd));
    const int renewals = gateway.grants.renewals;
    gateway.tend();
    QCOMPARE(gateway.grants.renewals, renewals + 1); // Else others would take it for gone some day.
    hold = std::unexpected(limits::BudgetShortage());
    gateway.tend();
    QCOMPARE(gateway.held(), Money());
}

void GrantKeeperTest::lendsNothingOfALoweredLimit()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.ask(nanos(500));
    gateway.work();
    gateway.enter(gatewayBudget(300));
    QCOMPARE(gateway.reserve(nanos(300)).error().afford, Money());
    gateway.ask(nanos(300));
    gateway.work();
    QCOMPARE(gateway.held(), nanos(300));
    QVERIFY(gateway.reserve(nanos(300)));
}

void GrantKeeperTest::lendsNothingOfTheLastWindow()
{
    Budget budget = gatewayBudget(1000);
    budget.duration = Period{1, PeriodUnit::Hour};
    Gateway gateway(budget);
    gateway.ask(nanos(500));
    gateway.work();
    gateway.clock.now += 1h;
    QVERIFY(!gateway.reserve(nanos(1)));
    gateway.ask(nanos(500));
    gateway.work();
    QVERIFY(gateway.reserve(nanos(500)));
    const auto until = gateway.database.held[1].until;
    QCOMPARE(*until, gateway.clock.now + 1h + 1min);
}

void GrantKeeperTest::lendsNothingOfAnIncreaseThatHasEnded()
{
    Gateway gateway(gatewayBudget(1000));
    Budget budget = gatewayBudget(1000);
    budget.increase = nanos(500);
    budget.increaseUntil = gateway.clock.now + 1h;
    gateway.enter(budget);
    gateway.ask(nanos(1500));
    gateway.work();
    QCOMPARE(gateway.held(), nanos(1500));
    gateway.clock.now += 1h;
    QVERIFY(!gateway.reserve(nanos(1)));
    gateway.ask(nanos(1));
    gateway.work();
    QVERIFY(gateway.held() <= nanos(1000));
    QVERIFY(gateway.reserve(nanos(1)));
}

void GrantKeeperTest::holdsOfARollingBudgetForItsLengthAtMost()
{
    Budget budget = gatewayBudget(1000);
    budget.duration = Period{1, PeriodUnit::Hour};
    budget.reset = BudgetReset::Rolling;
    Gateway gateway(budget);
    gateway.ask(nanos(500));
    gateway.work();
    const auto until = gateway.database.held[1].until;
    QVERIFY(*until > gateway.clock.now + 2h + 2min);
    gateway.clock.now += 1h - 1ms;
    QVERIFY(gateway.reserve(nanos(100)));
    gateway.clock.now += 1ms;
    QVERIFY(!gateway.reserve(nanos(100)));
}

void GrantKeeperTest::renewsNothingThatNobodyUses()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.tend();
    QCOMPARE(gateway.grants.renewals, 0);
    gateway.keeper.tend(); // Not a second later.
    gateway.work();
    QCOMPARE(gateway.grants.renewals, 0);
}

void GrantKeeperTest::triesAgainWhatFailed()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.ask(nanos(100));
    gateway.work();
    gateway.clock.now += 1s;
    gateway.keeper.tend();
    gateway.ask(nanos(900));
    gateway.grants.mood = Mood::IsAway;
    gateway.work();
    QCOMPARE(gateway.answers.size(), 2U);
    QVERIFY(!gateway.answers.back());
    gateway.grants.mood = Mood::Works;
    gateway.tend(); // What was not renewed comes again.
    QCOMPARE(gateway.held(), Money());
}

void GrantKeeperTest::letsALongSumRest()
{
    Gateway gateway(gatewayBudget(1000));
    gateway.grants.meanwhile = [&] { gateway.clock.now += 50ms; };
    gateway.ask(nanos(100));
    gateway.work();
    gateway.grants.meanwhile = {};
    gateway.tend();
    QCOMPARE(gateway.grants.renewals, 1);
    gateway.tend();
    QCOMPARE(gateway.grants.renewals, 2);
}

QTEST_GUILESS_MAIN(GrantKeeperTest)
#include "tst_grant_keeper.moc"
