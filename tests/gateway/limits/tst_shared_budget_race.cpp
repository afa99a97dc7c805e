// labels: money fault
// Several gateways on one database that fails, and random operations on them: whatever happens, they never
// spend more than there is, and in the end they can spend all of it.
#include "gateway/limits/grant_keeper.h"
#include "tests/gateway/limits/shared_database.h"
#include "tests/shared/dice.h"

#include <QLoggingCategory>
#include <QTest>

#include <algorithm>
#include <array>
#include <chrono>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>
#include <vector>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;
using delta::limits::BudgetHold;
using delta::limits::GrantKeeper;
using delta::limits::Presence;
using delta::test::GrantsOfGateway;
using delta::test::SharedDatabase;
using delta::test::TurnedClock;
using Mood = GrantsOfGateway::Mood;

namespace {

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

SpendEntry callAt(WallTime now)
{
    SpendEntry call;
    call.startedAt = now;
    return call;
}

/// One gateway: what is in its memory, and its journal, which a crash leaves.
class PlayedGateway
{
public:
    /// What it is told of gateways that are gone.
    using ForgetAfter = std::optional<std::chrono::milliseconds>;

    PlayedGateway(SharedDatabase &database, TurnedClock &clock, Dice &dice, int number)
        : grants(database, number)
        , m_database(database)
        , m_clock(clock)
        , m_dice(dice)
        , m_number(number)
    {
    }

    /// Starts: all that it settled before is posted, then it knows the budget and nothing is held by it.
    void start(const Budget &budget)
    {
        post();
        m_book = std::make_unique<BudgetBook>(limits::Sharing::SeveralGateways);
        const auto since = m_book->put(budget, m_clock.now);
        m_book->load(budget.id, grants.spending(*since));
        std::ignore = grants.dropGrants();
        m_presence = std::make_unique<Presence>(Presence::Parts{
            grants, *m_book, m_clock, [] { return ports::GatewayReport(); }, m_forgetAfter});
        std::ignore = m_presence->begin();
        m_keeper = std::make_unique<GrantKeeper>(GrantKeeper::Parts{
            grants, *m_book, *m_presence, m_clock, [](const auto &work) { work(); }});
        hangs = false;
    }
    /// Is killed. Its next start settles the calls that were under way, in no order.
    void crash()
    {
        for (auto &[call, hold] : std::exchange(m_holds, {})) {
            journal.push_back({hold.at(), nanos(m_dice.between(0, hold.amount().nanos()))});
        }
        m_keeper.reset();
        m_presence.reset();
        m_book.reset();
    }
    [[nodiscard]] bool runs() const
    {
        return m_book != nullptr;
    }

    /// Sets what its next start is told of gateways that are gone.
    void forgetAfter(ForgetAfter after)
    {
        m_forgetAfter = after;
    }
    /// Returns what its calls may still cost and what it settled and the database does not show: what it may spend
    /// beyond a limit if others are given all that it holds.
    [[nodiscard]] Money used() const
    {
        Money sum = reserved();
        for (std::size_t at = m_database.posted[m_number].size(); at < journal.size(); ++at) {
            sum += journal[at].amount;
        }
        return sum;
    }

    /// Begins a call; asks the database if need be. Returns whether it may.
    bool reserve(Money amount)
    {
        const SpendEntry call = callAt(m_clock.now);
        auto hold = m_book->reserve(call, amount, m_clock.now);
        if (!hold && !hold.error().lacking.empty()) {
            m_keeper->ask(hold.error().lacking, amount, [](const Result<void> &) { });
            hold = m_book->reserve(call, amount, m_clock.now);
        }
        const bool mayBegin = hold.has_value();
        if (mayBegin) {
            m_holds.emplace_back(call, *std::move(hold));
        }
        return mayBegin;
    }
    /// Ends a call, or goes on with it. The ledger may have posted its cost before the book hears of it.
    void goOn()
    {
        if (m_holds.empty()) {
            return;
        }
        const auto chosen = m_holds.begin()
            + m_dice.between(0, static_cast<std::int64_t>(m_holds.size()) - 1);
        if (m_dice.between(0, 2) == 0) {
            std::ignore = m_book->extend(chosen->second, nanos(m_dice.between(0, 200)),
                                         m_clock.now);
            return;
        }
        auto [call, hold] = std::move(*chosen);
        m_holds.erase(chosen);
        if (m_dice.between(0, 9) == 0) {
            return; // It never reached its provider.
        }
        call.cost = nanos(m_dice.between(0, hold.amount().nanos()));
        journal.push_back({hold.at(), call.cost});
        const std::uint64_t offset = journal.size() - 1;
        if (m_dice.between(0, 9) == 0) {
            post();
        }
        m_book->settle(std::move(hold), call, offset);
    }
    /// Brings what is settled into the database.
    void post()
    {
        m_database.posted[m_number] = journal;
    }
    /// Hears that the budget was reset. Its calls go on while it asks what was spent since.
    void learn(const Budget &budget)
    {
        const auto since = m_book->put(budget, m_clock.now);
        if (since) {
            goOn();
            post();
            m_book->load(budget.id, grants.spending(*since));
        }
    }
    /// Is asked by an administrator how the budget stands.
    void look()
    {
        if (const auto question = m_book->question(u"all"_s, m_clock.now)) {
            m_book->see(*question, grants.spending(question->since), m_clock.now);
        }
    }
    void tend()
    {
        m_keeper->tend();
    }
    void settleAll()
    {
        while (!m_holds.empty()) {
            goOn();
        }
    }
    [[nodiscard]] Money reserved() const
    {
        return std::accumulate(
            m_holds.begin(), m_holds.end(), Money(),
            [](Money sum, const auto &held) { return sum + held.second.amount(); });
    }

    GrantsOfGateway grants;
    std::vector<ports::Spending> journal; ///< The index is the offset.
    bool hangs = false;                   ///< It does nothing, and may wake up.

private:
    SharedDatabase &m_database;
    TurnedClock &m_clock;
    Dice &m_dice;
    int m_number;
    ForgetAfter m_forgetAfter;
    std::unique_ptr<BudgetBook> m_book;
    std::unique_ptr<Presence> m_presence;
    std::vector<std::pair<SpendEntry, BudgetHold>> m_holds;
    std::unique_ptr<GrantKeeper> m_keeper;
};

/// Three gateways and what happens to them.
class World
{
public:
    World(const Budget &budget, Dice &dice, PlayedGateway::ForgetAfter forgetAfter)
        : m_budget(budget)
        , m_dice(dice)
    {
        database.onForgotten = [this](int number) {
            excess += gateways[static_cast<std::size_t>(number)]->used();
            ++forgotten;
        };
        for (int number = 0; number < 3; ++number) {
            gateways.push_back(std::make_unique<PlayedGateway>(database, clock, m_dice, number));
            gateways.back()->forgetAfter(forgetAfter);
            gateways.back()->start(budget);
        }
    }

    void happen()
    {
        PlayedGateway &gateway = *gateways[static_cast<std::size_t>(m_dice.between(0, 2))];
        const std::int64_t what = m_dice.between(0, 99);
        if (!gateway.runs()) {
            if (what < 20) {
                gateway.start(m_budget);
            }
            return;
        }
        if (gateway.hangs) {
            gateway.hangs = what >= 20;
            return;
        }
        if (m_dice.between(0, 39) == 0) {
            reset(gateway);
        } else if (m_dice.between(0, 9) == 0) {
            gateway.learn(m_budget);
        }
        constexpr std::array moods{Mood::Works,  Mood::Works,     Mood::Works,
                                   Mood::IsAway, Mood::LosesWork, Mood::LosesAnswers};
        gateway.grants.mood = moods.at(static_cast<std::size_t>(m_dice.between(0, 5)));
        gateway.grants.meanwhile = [this, &gateway] { actDuring(gateway); };
        if (what < 45) {
            gateway.reserve(nanos(m_dice.between(0, 300)));
        } else if (what < 80) {
            gateway.goOn();
        } else if (what < 84) {
            gateway.post();
        } else if (what < 96) {
            clock.now += std::chrono::milliseconds(m_dice.between(0, 1500));
            gateway.tend();
        } else if (what < 97) {
            gateway.hangs = true;
        } else if (what < 98) {
            clock.now += std::chrono::minutes(m_dice.between(0, 40));
        } else {
            gateway.crash();
        }
    }
    /// Lets all gateways run, settle, post and fall idle.
    void calmDown()
    {
        for (const auto &gateway : gateways) {
            gateway->grants.mood = Mood::Works;
            gateway->grants.meanwhile = {};
            gateway->hangs = false;
            if (!gateway->runs()) {
                gateway->start(m_budget);
            }
            gateway->learn(m_budget);
            gateway->settleAll();
            gateway->post();
        }
        for (int turn = 0; turn < 3; ++turn) {
            clock.now += 1s;
            for (const auto &gateway : gateways) {
                gateway->tend();
            }
        }
    }
    /// Adds up what counts from `since` on: all that was settled, in the database or not.
    [[nodiscard]] Money spent(WallTime since) const
    {
        Money sum;
        for (const auto &gateway : gateways) {
            for (const ports::Spending &spending : gateway->journal) {
                sum += spending.at >= since ? spending.amount : Money();
            }
        }
        return sum;
    }
    /// Returns the most that was settled between two resets, of a budget that has no windows but these.
    [[nodiscard]] Money mostBetweenResets() const
    {
        std::map<std::size_t, Money> sums;
        for (const auto &gateway : gateways) {
            for (const ports::Spending &spending : gateway->journal) {
                const auto next = std::ranges::upper_bound(m_resets, spending.at);
                sums[static_cast<std::size_t>(next - m_resets.begin())] += spending.amount;
            }
        }
        Money most;
        for (const auto &[window, sum] : sums) {
            most = std::max(most, sum);
        }
        return most;
    }
    [[nodiscard]] Money reserved() const
    {
        Money sum;
        for (const auto &gateway : gateways) {
            sum += gateway->reserved();
        }
        return sum;
    }
    /// Returns the first moment that the budget counts now.
    [[nodiscard]] WallTime begin() const
    {
        const WallTime lastReset = m_budget.lastReset.value_or(WallTime());
        if (!m_budget.duration) {
            return lastReset;
        }
        return std::max(lastReset,
                        m_budget.reset == BudgetReset::Rolling
                            ? clock.now - 1h
                            : std::chrono::floor<std::chrono::hours>(clock.now));
    }

    TurnedClock clock;
    SharedDatabase database{clock, {}, {}};
    std::vector<std::unique_ptr<PlayedGateway>> gateways;
    Money excess;      ///< What gateways may have spent that were forgotten by then.
    int forgotten = 0; ///< How many were.

private:
    /// Resets the budget on one gateway; the others hear of it later.
    void reset(PlayedGateway &gateway)
    {
        m_budget.lastReset = std::max(clock.now, m_budget.lastReset.value_or(clock.now)) + 1ms;
        m_resets.push_back(*m_budget.lastReset);
        gateway.learn(m_budget);
    }
    /// The loops of a gateway go on while its database works.
    void actDuring(PlayedGateway &gateway)
    {
        if (m_isDuring) {
            return;
        }
        m_isDuring = true;
        gateway.goOn();
        if (m_dice.between(0, 9) == 0) {
            gateway.post(); // Most of the time nothing that is settled has reached the database.
        }
        if (m_dice.between(0, 9) == 0) {
            reset(gateway);
            gateway.goOn();
        } else if (m_dice.between(0, 4) == 0) {
            gateway.learn(m_budget);
            gateway.goOn();
        }
        if (m_dice.between(0, 2) == 0) {
            gateway.look();
        }
        m_isDuring = false;
    }

    Budget m_budget;
    Dice &m_dice;
    std::vector<WallTime> m_resets; ///< Oldest first.
    bool m_isDuring = false;
};

} // namespace

class SharedBudgetRaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void neverSpendsMoreThanThereIs_data();
    void neverSpendsMoreThanThereIs();
};

void SharedBudgetRaceTest::neverSpendsMoreThanThereIs_data()
{
    QTest::addColumn<bool>("hasDuration");
    QTest::addColumn<BudgetReset>("reset");
    QTest::addColumn<bool>("forgets");
    QTest::newRow("for ever") << false << BudgetReset::Calendar << false;
    QTest::newRow("each hour of the calendar") << true << BudgetReset::Calendar << false;
    QTest::newRow("in any hour") << true << BudgetReset::Rolling << false;
    QTest::newRow("for ever, and who is gone is forgotten")
        << false << BudgetReset::Calendar << true;
    QTest::newRow("in any hour, and who is gone is forgotten")
        << true << BudgetReset::Rolling << true;
}

void SharedBudgetRaceTest::neverSpendsMoreThanThereIs()
{
    QFETCH(const bool, hasDuration);
    QFETCH(const BudgetReset, reset);
    QFETCH(const bool, forgets);
    const auto forgetAfter = forgets ? std::optional<std::chrono::milliseconds>(30s) : std::nullopt;
    QLoggingCategory::setFilterRules(u"delta.limits=false"_s);
    Budget budget;
    budget.id = u"all"_s;
    budget.scope = BudgetScope::Gateway;
    budget.reset = reset;
    if (hasDuration) {
        budget.duration = Period{1, PeriodUnit::Hour};
    }
    Dice dice(20'261'128);
    int forgotten = 0;
    for (int round = 0; round < 500; ++round) {
        dice.next();
        const Money limit = nanos(dice.between(300, 6000));
        budget.maxBudget = limit;
        World world(budget, dice, forgetAfter);
        for (int operation = 0; operation < 200; ++operation) {
            world.happen();
            const Money most = limit + world.excess;
            QVERIFY2(world.spent(world.begin()) <= most, dice.where());
            QVERIFY2(hasDuration || world.spent(world.begin()) + world.reserved() <= most,
                     dice.where());
            QVERIFY2(hasDuration || world.mostBetweenResets() <= most, dice.where());
        }
        world.calmDown();
        const Money rest = limit - world.spent(world.begin());
        forgotten += world.forgotten;
        if (!hasDuration && rest >= Money()) {
            QVERIFY2(world.gateways.front()->reserve(rest), dice.where());
            QVERIFY2(!world.gateways.back()->reserve(nanos(1)), dice.where());
        }
    }
    QCOMPARE(forgotten > 100, forgets);
}

QTEST_GUILESS_MAIN(SharedBudgetRaceTest)
#include "tst_shared_budget_race.moc"
