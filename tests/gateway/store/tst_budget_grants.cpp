// labels: db money
// services: postgres
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <random>
#include <thread>
#include <tuple>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::sampleEntry;
using delta::test::StorePlace;
using ports::Grant;
using ports::GrantPicture;

namespace {

/// 2026-05-28T21:00:00Z
constexpr WallTime fullHour(1'780'002'000'000ms);

Money nanos(std::int64_t amount)
{
    return Money::fromNanos(amount);
}

Budget teamBudget()
{
    Budget budget;
    budget.id = u"b1"_s;
    budget.scope = BudgetScope::Team;
    budget.scopeId = u"team-1"_s;
    budget.maxBudget = nanos(1000);
    return budget;
}

/// Posts one call of the team.
Result<void> post(Store &store, std::uint64_t offset, Money cost)
{
    SpendEntry entry = sampleEntry("r" + QByteArray::number(quint64(offset)), cost);
    entry.startedAt = fullHour;
    return store.apply({{offset, entry}}, {offset + 8, offset + 8});
}

/// Renews with a fixed grant, and returns what the database showed; nothing if the budget was not asked for.
std::optional<GrantPicture> renewed(Store &store, const Grant &grant)
{
    std::optional<GrantPicture> shown;
    const auto done = store.renewGrant({teamBudget(), WallTime()}, [&](const GrantPicture &seen) {
        shown = seen;
        return grant;
    });
    if (!done) {
        qFatal("%ls", qUtf16Printable(done.error().detail));
    }
    return shown;
}

Money spentOf(const GrantPicture &picture)
{
    Money sum;
    for (const ports::Spending &spending : picture.before.spendings) {
        sum += spending.amount;
    }
    return sum;
}

} // namespace

/// Whatever the dialect of the run: in SQLite there are no grants.
class BudgetGrantsTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_first;
    std::unique_ptr<Store> m_second;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("DELTA_TEST_DIALECT", "postgres");
    }
    void init()
    {
        m_place = std::make_unique<StorePlace>();
        m_first = std::make_unique<Store>(m_place->address(), m_clock, u"first"_s);
        m_second = std::make_unique<Store>(m_place->address(), m_clock, u"second"_s);
        QVERIFY(m_first->insertBudget(teamBudget()).has_value());
    }
    void cleanup()
    {
        m_first.reset();
        m_second.reset();
        m_place.reset();
    }

    void showsWhatOthersHold()
    {
        QCOMPARE(renewed(*m_first, {nanos(300), {}})->elsewhere, Money());
        QCOMPARE(renewed(*m_second, {nanos(200), {}})->elsewhere, nanos(300));
        QCOMPARE(renewed(*m_first, {nanos(100), {}})->elsewhere, nanos(200));
        QCOMPARE(renewed(*m_second, {nanos(200), {}})->elsewhere, nanos(100));
    }
    void holdsNothingForWhoNeedsNothing()
    {
        std::ignore = renewed(*m_first, {nanos(300), {}});
        std::ignore = renewed(*m_first, {});
        QCOMPARE(renewed(*m_second, {})->elsewhere, Money());
    }
    void showsWhatAllSpentAsOfTheOwnJournal()
    {
        QVERIFY(post(*m_first, 0, nanos(7)).has_value());
        QVERIFY(post(*m_first, 8, nanos(20)).has_value());
        QVERIFY(post(*m_second, 400, nanos(100)).has_value());
        const auto first = renewed(*m_first, {});
        QCOMPARE(spentOf(*first), nanos(127));
        QCOMPARE(first->before.applied, 16U);
        QCOMPARE(renewed(*m_second, {})->before.applied, 408U);
    }
    void leavesOthersWhatWasNotRenewedInTime()
    {
        std::ignore = renewed(*m_first, {nanos(300), 0ms});
        QCOMPARE(renewed(*m_second, {nanos(1), 1h})->elsewhere, Money());
        QCOMPARE(renewed(*m_first, {nanos(1), 1h})->elsewhere, nanos(1));
    }
    void givesBackEverythingAtOnce()
    {
        std::ignore = renewed(*m_first, {nanos(300), {}});
        std::ignore = renewed(*m_second, {nanos(200), {}});
        QVERIFY(m_first->dropGrants().has_value());
        QCOMPARE(renewed(*m_second, {nanos(200), {}})->elsewhere, Money());
        QCOMPARE(renewed(*m_first, {})->elsewhere, nanos(200));
    }
    void asksNothingAboutABudgetThatIsGone()
    {
        std::ignore = renewed(*m_first, {nanos(300), {}});
        QVERIFY(m_second->removeBudget(u"b1"_s).value());
        QVERIFY(!renewed(*m_first, {nanos(300), {}}));
        QVERIFY(m_second->insertBudget(teamBudget()).has_value());
        QCOMPARE(renewed(*m_second, {})->elsewhere, Money());
    }
    // Two gateways that take what is left at the same time, while both post what they spend.
    void letsOneGatewayAtATimeDecide()
    {
        std::atomic<int> failures = 0;
        const auto play = [&](const QString &journal, unsigned seed) {
            Store store(m_place->address(), m_clock, journal);
            Store ledgerStore(m_place->address(), m_clock, journal);
            std::mt19937 random(seed);
            std::uint64_t offset = 0;
            for (int turn = 0; turn < 60; ++turn) {
                Money held;
                const auto decide = [&](const GrantPicture &seen) {
                    const Money free = std::max(Money(),
                                                nanos(1000) - spentOf(seen) - seen.elsewhere);
                    held = nanos(static_cast<std::int64_t>(random()) % (free.nanos() + 1));
                    return Grant{held, {}};
                };
                failures += store.renewGrant({teamBudget(), WallTime()}, decide) ? 0 : 1;
                // It goes on to hold what it spends until that is posted.
                const Money cost = nanos(held.nanos() / 16);
                const auto settle = [&](const GrantPicture &) { return Grant{cost, {}}; };
                failures += store.renewGrant({teamBudget(), WallTime()}, settle) ? 0 : 1;
                failures += post(ledgerStore, offset, cost) ? 0 : 1;
                offset += 8;
                failures += store.renewGrant({teamBudget(), WallTime()},
                                             [](const GrantPicture &) { return Grant(); })
                    ? 0
                    : 1;
            }
        };
        {
            const std::jthread first([&] { play(u"third"_s, 1); });
            const std::jthread second([&] { play(u"fourth"_s, 2); });
        }
        QCOMPARE(failures.load(), 0);
        const auto shown = renewed(*m_first, {});
        QCOMPARE(shown->elsewhere, Money());
        QVERIFY(spentOf(*shown) <= nanos(1000));
        QVERIFY(spentOf(*shown) > nanos(100));
    }
};

QTEST_GUILESS_MAIN(BudgetGrantsTest)
#include "tst_budget_grants.moc"
