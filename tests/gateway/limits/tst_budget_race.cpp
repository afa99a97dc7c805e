// labels: money
// Many threads and random operations on one book, against sums that are worked out by other means.
#include "gateway/limits/budget_book.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <barrier>
#include <chrono>
#include <iterator>
#include <map>
#include <mutex>
#include <thread>
#include <tuple>
#include <vector>

using namespace delta;
using namespace std::chrono_literals;
using namespace Qt::StringLiterals;
using delta::limits::BudgetBook;
using delta::limits::BudgetHold;
using delta::limits::BudgetState;

namespace {

constexpr WallTime start = WallTime(1'795'824'000'000ms);

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget budgetOf(const QString &id, BudgetScope scope, const QString &object, std::int64_t limit)
{
    Budget budget;
    budget.id = id;
    budget.scope = scope;
    budget.scopeId = object;
    budget.maxBudget = nanos(limit);
    return budget;
}

/// Puts a budget of which so much was spent before.
void enter(BudgetBook &book, const Budget &budget, std::int64_t spent = 0)
{
    book.put(budget, start);
    book.load(budget.id, {0, {{start, nanos(spent)}}});
}

SpendEntry callOf(int key, int team)
{
    SpendEntry call;
    call.keyId = "k" + QByteArray::number(key);
    call.teamId = "t" + QByteArray::number(team);
    call.startedAt = start;
    return call;
}

/// The book as one would explain it: lists of what is held and what was spent, added up anew each time.
class ReferenceBook
{
public:
    struct Held {
        SpendEntry call;
        std::int64_t amount = 0;
        WallTime at = start; ///< When it counts.
    };
    void put(const QString &id, const QByteArray &scope, std::int64_t limit)
    {
        m_budgets[id] = {scope, limit};
    }
    /// Says whether all budgets of the call have the amount left; nothing at all is always left.
    [[nodiscard]] bool hasRoom(const SpendEntry &call, std::int64_t amount) const
    {
        return std::ranges::all_of(m_budgets, [&](const auto &row) {
            const Row &budget = row.second;
            return amount == 0 || !isOf(call, budget.scope)
                || spentBy(budget.scope) + heldBy(budget.scope) + amount <= budget.limit;
        });
    }
    [[nodiscard]] std::int64_t spentBy(const QByteArray &scope) const
    {
        std::int64_t sum = 0;
        for (const Spent &each : spent) {
            sum += isOf(each.call, scope) && each.at >= resetAt(scope) ? each.cost : 0;
        }
        return sum;
    }
    [[nodiscard]] std::int64_t heldBy(const QByteArray &scope) const
    {
        std::int64_t sum = 0;
        for (const auto &[number, hold] : held) {
            sum += isOf(hold.call, scope) ? hold.amount : 0;
        }
        return sum;
    }
    [[nodiscard]] QByteArray scopeOf(const QString &id) const
    {
        return m_budgets.at(id).scope;
    }

    [[nodiscard]] WallTime resetAt(const QByteArray &scope) const
    {
        const auto found = resets.find(scope);
        return found == resets.end() ? WallTime::min() : found->second;
    }
    /// Says whether that call counts in a budget that was reset after it had reserved.
    [[nodiscard]] bool isOverFor(const Held &hold) const
    {
        return std::ranges::any_of(resets, [&hold](const auto &each) {
            return isOf(hold.call, each.first) && each.second > hold.at;
        });
    }

    struct Spent {
        SpendEntry call;
        std::int64_t cost = 0;
        WallTime at;
    };
    std::map<int, Held> held;
    std::vector<Spent> spent;              ///< In the order of the journal.
    std::map<QByteArray, WallTime> resets; ///< The last one, by scope.

private:
    struct Row {
        QByteArray scope; ///< "k0", "t1", or "all".
        std::int64_t limit = 0;
    };
    static bool isOf(const SpendEntry &call, const QByteArray &scope)
    {
        return scope == "all" || call.keyId == scope || call.teamId == scope;
    }
    std::map<QString, Row> m_budgets;
};

/// What callers on several threads settled, and the time that they share.
struct TimedLedger {
    std::mutex mutex;
    std::vector<ports::Spending> settled; ///< Guarded. The index is the offset.
    std::atomic<std::int64_t> time = 0;   ///< Milliseconds since `start`.
    std::atomic<bool> isOver = false;

    [[nodiscard]] WallTime now() const
    {
        return start + std::chrono::milliseconds(time.load());
    }
    [[nodiscard]] std::uint64_t settle(const ports::Spending &spending)
    {
        const std::scoped_lock lock(mutex);
        settled.push_back(spending);
        return settled.size() - 1;
    }
    [[nodiscard]] ports::SpendingSoFar since(WallTime at)
    {
        const std::scoped_lock lock(mutex);
        ports::SpendingSoFar soFar;
        soFar.applied = settled.size();
        std::ranges::copy_if(settled, std::back_inserter(soFar.spendings),
                             [at](const ports::Spending &each) { return each.at >= at; });
        return soFar;
    }
};

/// Reserves, goes on, and settles or never begins, again and again.
void callUntilOver(BudgetBook &book, TimedLedger &ledger, int thread)
{
    Dice dice(static_cast<std::uint64_t>(thread));
    while (!ledger.isOver) {
        SpendEntry call = callOf(thread, 0);
        auto hold = book.reserve(call, nanos(dice.between(1, 500)), ledger.now());
        if (!hold) {
            std::this_thread::yield();
            continue;
        }
        std::ignore = book.extend(*hold, nanos(dice.between(0, 500)), ledger.now());
        if (dice.between(0, 7) == 0) {
            continue; // It never began.
        }
        call.cost = nanos(dice.between(0, hold->amount().nanos()));
        const std::uint64_t offset = ledger.settle({hold->at(), call.cost});
        book.settle(*std::move(hold), call, offset);
    }
}

/// A book and its reference, to which the same is done. All functions return whether both said the same.
class Comparison
{
public:
    explicit Comparison(Dice &dice)
        : m_dice(dice)
    {
        put(BudgetScope::Gateway, {});
        put(BudgetScope::Key, u"k0"_s);
        put(BudgetScope::Team, u"t1"_s);
    }

    /// `number` is that of a call, if one begins.
    [[nodiscard]] bool doSomething(int number)
    {
        if (m_dice.between(0, 9) == 0) {
            resetOne();
            return true;
        }
        return m_holds.empty() || m_dice.between(0, 2) == 0 ? reserve(number) : goOn();
    }
    [[nodiscard]] bool agree()
    {
        return std::ranges::all_of(m_book.states(m_now), [this](const BudgetState &state) {
            const QByteArray scope = m_reference.scopeOf(state.budget.id);
            return state.spent == nanos(m_reference.spentBy(scope))
                && state.reserved == nanos(m_reference.heldBy(scope));
        });
    }

private:
    void put(BudgetScope scope, const QString &object)
    {
        const std::int64_t limit = m_dice.between(0, 3000);
        const QString id = object.isEmpty() ? u"all"_s : object;
        enter(m_book, budgetOf(id, scope, object, limit));
        m_reference.put(id, id.toUtf8(), limit);
    }
    void resetOne()
    {
        const auto states = m_book.states(m_now);
        const auto chosen = static_cast<std::size_t>(
            m_dice.between(0, static_cast<std::int64_t>(states.size()) - 1));
        Budget budget = states[chosen].budget;
        const QByteArray scope = m_reference.scopeOf(budget.id);
        m_now += std::chrono::milliseconds(m_dice.between(1, 3));
        budget.lastReset = m_now;
        m_reference.resets[scope] = m_now;
        m_book.put(budget, m_now);
        ports::SpendingSoFar soFar{m_reference.spent.size(), {}};
        soFar.spendings.push_back({m_now, nanos(m_reference.spentBy(scope))});
        m_book.load(budget.id, soFar);
    }
    [[nodiscard]] bool reserve(int number)
    {
        const SpendEntry call = callOf(static_cast<int>(m_dice.between(0, 1)),
                                       static_cast<int>(m_dice.between(0, 1)));
        const std::int64_t amount = m_dice.between(0, 400);
        auto hold = m_book.reserve(call, nanos(amount), m_now);
        const bool isSame = hold.has_value() == m_reference.hasRoom(call, amount);
        if (hold) {
            m_holds.emplace(number, *std::move(hold));
            m_reference.held[number] = {call, amount, m_now};
        }
        return isSame;
    }
    /// Has a call go on, settle, or never begin.
    [[nodiscard]] bool goOn()
    {
        const auto hold = std::next(
            m_holds.begin(), m_dice.between(0, static_cast<std::int64_t>(m_holds.size()) - 1));
        ReferenceBook::Held &held = m_reference.held.at(hold->first);
        if (m_dice.between(0, 1) == 0) {
            const std::int64_t more = m_dice.between(0, 200);
            const bool isExtended = m_book.extend(hold->second, nanos(more), m_now).has_value();
            const bool isSame = isExtended == m_reference.hasRoom(held.call, more);
            held.amount += isExtended ? more : 0;
            // What goes on into a new window counts in that.
            held.at = isExtended && m_reference.isOverFor(held) ? m_now : held.at;
            return isSame;
        }
        if (m_dice.between(0, 3) > 0) {
            held.call.cost = nanos(m_dice.between(0, held.amount + 20));
            m_book.settle(std::move(hold->second), held.call, m_reference.spent.size());
            m_reference.spent.push_back({held.call, held.call.cost.nanos(), held.at});
        }
        m_reference.held.erase(hold->first);
        m_holds.erase(hold);
        return true;
    }

    Dice &m_dice;
    BudgetBook m_book;
    ReferenceBook m_reference;
    WallTime m_now = start;
    std::map<int, BudgetHold> m_holds;
};

} // namespace

class BudgetRaceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spendsTheLastCentOnceHoweverManyWantIt();
    void neverExceedsALimitUnderLoad();
    void neverExceedsALimitBetweenResetsUnderLoad();
    void agreesWithTheReference();
};

void BudgetRaceTest::spendsTheLastCentOnceHoweverManyWantIt()
{
    constexpr int threads = 8;
    constexpr int callsPerThread = 32;
    constexpr int rounds = 200;
    constexpr std::int64_t cent = 10'000'000;
    BudgetBook book;
    std::atomic<int> winners = 0;
    std::barrier turn(threads + 1);
    std::vector<std::jthread> callers;
    for (int thread = 0; thread < threads; ++thread) {
        callers.emplace_back([&] {
            for (int round = 0; round < rounds; ++round) {
                turn.arrive_and_wait();
                for (int count = 0; count < callsPerThread; ++count) {
                    SpendEntry call = callOf(round, 0);
                    if (auto hold = book.reserve(call, nanos(cent), start)) {
                        call.cost = nanos(cent);
                        book.settle(*std::move(hold), call, 1);
                        ++winners;
                    }
                }
                turn.arrive_and_wait();
            }
        });
    }
    for (int round = 0; round < rounds; ++round) {
        const QString key = u"k%1"_s.arg(round);
        enter(book, budgetOf(key, BudgetScope::Key, key, 5 * cent), 4 * cent);
        winners = 0;
        turn.arrive_and_wait();
        turn.arrive_and_wait();
        QCOMPARE(winners.load(), 1);
        QCOMPARE(book.tightest(*book.reserve(callOf(round, 0), Money(), start))->spent,
                 nanos(5 * cent));
        book.remove(key);
    }
}

void BudgetRaceTest::neverExceedsALimitUnderLoad()
{
    constexpr int threads = 4;
    constexpr std::int64_t limit = 1'000'000;
    BudgetBook book;
    enter(book, budgetOf(u"all"_s, BudgetScope::Gateway, {}, limit));
    enter(book, budgetOf(u"t0"_s, BudgetScope::Team, u"t0"_s, limit / 2));
    std::atomic<std::int64_t> charged = 0;
    std::atomic<int> running = threads;
    std::vector<std::jthread> callers;
    for (int thread = 0; thread < threads; ++thread) {
        callers.emplace_back([&, thread] {
            Dice dice(static_cast<std::uint64_t>(thread));
            for (int count = 0; count < 20'000; ++count) {
                SpendEntry call = callOf(thread, static_cast<int>(dice.between(0, 1)));
                auto hold = book.reserve(call, nanos(dice.between(0, 500)), start);
                if (!hold) {
                    continue;
                }
                std::ignore = book.extend(*hold, nanos(dice.between(0, 500)), start);
                call.cost = nanos(dice.between(0, hold->amount().nanos()));
                if (dice.between(0, 3) == 0) {
                    continue; // It never began.
                }
                book.settle(*std::move(hold), call, 1);
                charged += call.cost.nanos();
            }
            --running;
        });
    }
    while (running > 0) {
        for (const BudgetState &state : book.states(start)) {
            QVERIFY(state.spent + state.reserved <= *state.limit);
            QVERIFY(state.reserved >= Money());
        }
    }
    callers.clear();
    for (const BudgetState &state : book.states(start)) {
        QCOMPARE(state.reserved, Money());
        QVERIFY(state.budget.id != u"all"_s || state.spent == nanos(charged));
    }
}

// Resets come while calls reserve, go on and settle on other threads. All that is settled is written down with the
// time at which it counts, as the ledger does; no window between two resets may have more than the limit.
void BudgetRaceTest::neverExceedsALimitBetweenResetsUnderLoad()
{
    constexpr int threads = 4;
    constexpr int resets = 300;
    constexpr std::int64_t limit = 20'000;
    BudgetBook book;
    Budget budget = budgetOf(u"all"_s, BudgetScope::Gateway, {}, limit);
    enter(book, budget);
    TimedLedger ledger;
    std::vector<std::jthread> callers;
    for (int thread = 0; thread < threads; ++thread) {
        callers.emplace_back([&, thread] { callUntilOver(book, ledger, thread); });
    }
    std::vector<WallTime> begins{WallTime::min()};
    for (int count = 0; count < resets; ++count) {
        std::this_thread::yield();
        const WallTime at = ledger.now() + 1ms;
        budget.lastReset = at;
        begins.push_back(at);
        ledger.time += 2;
        book.put(budget, at);
        book.load(u"all"_s, ledger.since(at));
    }
    ledger.isOver = true;
    callers.clear();
    std::vector<std::int64_t> sums(begins.size());
    for (const ports::Spending &each : ledger.settled) {
        const auto next = std::ranges::upper_bound(begins, each.at);
        sums[static_cast<std::size_t>(next - begins.begin()) - 1] += each.amount.nanos();
    }
    QVERIFY(std::ranges::max(sums) <= limit);
    QVERIFY(std::ranges::max(sums) > limit / 2); // There was a crowd.
    QCOMPARE(book.state(u"all"_s, ledger.now())->spent, nanos(sums.back()));
    QCOMPARE(book.state(u"all"_s, ledger.now())->reserved, Money());
}

void BudgetRaceTest::agreesWithTheReference()
{
    constexpr int operations = 100'000;
    constexpr int operationsOfOneBook = 100;
    Dice dice(2026);
    for (int done = 0; done < operations; done += operationsOfOneBook) {
        Comparison books(dice);
        for (int count = 0; count < operationsOfOneBook; ++count) {
            dice.next();
            QVERIFY2(books.doSomething(count) && books.agree(), dice.where());
        }
    }
}

QTEST_GUILESS_MAIN(BudgetRaceTest)
#include "tst_budget_race.moc"
