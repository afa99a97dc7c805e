// labels: db money
// services: postgres
// links: gateway/limits
#include "gateway/limits/spend_window.h"
#include "gateway/store/budget_spending.h"
#include "gateway/store/budget_tallies.h"
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "gateway/store/transaction.h"
#include "shared/billing/budget_window.h"
#include "tests/gateway/store/budget_tallies_rig.h"
#include "tests/gateway/store/store_place.h"
#include "tests/shared/dice.h"

#include <QSqlQuery>
#include <QTest>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <tuple>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::budgetOf;
using delta::test::callAt;
using delta::test::fullHour;
using delta::test::nanos;
using delta::test::PlayedGateway;
using delta::test::StorePlace;
using delta::test::sumOf;
using ports::GrantPicture;

namespace {

/// The durations that budgets have, each of which is added up in another way.
const std::array<std::pair<std::optional<Period>, BudgetReset>, 10> kinds{{
    {{}, BudgetReset::Calendar},
    {Period{1, PeriodUnit::Month}, BudgetReset::Calendar},
    {Period{1, PeriodUnit::Day}, BudgetReset::Calendar},
    {Period{10, PeriodUnit::Minute}, BudgetReset::Calendar},
    {Period{100, PeriodUnit::Second}, BudgetReset::Rolling},
    {Period{1, PeriodUnit::Hour}, BudgetReset::Rolling},
    {Period{100, PeriodUnit::Minute}, BudgetReset::Rolling},
    {Period{60, PeriodUnit::Hour}, BudgetReset::Rolling},
    {Period{1, PeriodUnit::Week}, BudgetReset::Rolling},
    {Period{30, PeriodUnit::Day}, BudgetReset::Rolling},
}};

template <typename List>
auto &oneOf(Dice &dice, List &list)
{
    const auto last = static_cast<std::int64_t>(std::size(list)) - 1;
    return list.at(static_cast<std::size_t>(dice.between(0, last)));
}

/// Gateways, budgets and calls that nobody has planned.
class RandomPlay
{
public:
    RandomPlay(const QString &address, const Clock &clock, unsigned seed)
        : m_dice(seed)
        , m_keeper(address, clock)
    {
        for (const char *journal : {"first", "second", "third"}) {
            m_gateways.push_back(
                std::make_unique<PlayedGateway>(address, clock, QString::fromLatin1(journal)));
        }
        for (int number = 0; number < 12; ++number) {
            m_budgets.push_back(randomBudget(u"b%1"_s.arg(number)));
            QVERIFY(m_keeper.insertBudget(m_budgets.back()).has_value());
        }
    }
    void turn()
    {
        const auto what = m_dice.between(0, 99);
        if (what < 40) {
            post();
        } else if (what < 60) {
            m_now += std::chrono::milliseconds(m_dice.between(0, 600'000));
        } else if (what < 63) {
            m_now += std::chrono::hours(m_dice.between(1, 40));
        } else if (what < 68) {
            oneOf(m_dice, m_budgets).lastReset = m_now;
        } else if (what < 72) {
            Budget &budget = oneOf(m_dice, m_budgets);
            budget = randomBudget(budget.id);
            QVERIFY(m_keeper.updateBudget(budget).value());
        } else if (what < 74) {
            oneOf(m_dice, m_gateways)->restart();
        } else {
            renew();
        }
    }
    void renewAll()
    {
        for (const auto &gateway : m_gateways) {
            for (const Budget &budget : m_budgets) {
                compare(*gateway, budget);
            }
        }
    }
    int comparisons = 0;
    Money spent; ///< All that was found in them.

private:
    Budget randomBudget(const QString &id)
    {
        const auto scopes = enumNames(BudgetScope());
        Budget budget = budgetOf(oneOf(m_dice, scopes).value, id);
        std::tie(budget.duration, budget.reset) = oneOf(m_dice, kinds);
        return budget;
    }
    /// Calls that ended now, in the past, or by a clock that goes ahead.
    void post()
    {
        static const std::array<QByteArray, 3> names{"", "a", "b"};
        static const std::array<QByteArray, 5> tags{"", "a", "b", "a\nb", "a\na"};
        std::vector<SpendEntry> calls;
        for (auto left = m_dice.between(0, 4); left > 0; --left) {
            const std::array<std::int64_t, 5> ages{
                0, m_dice.between(0, 60'000), m_dice.between(0, 7'200'000),
                m_dice.between(0, 900'000'000), m_dice.between(-90'000'000, 0)};
            SpendEntry call = callAt(m_now - std::chrono::milliseconds(oneOf(m_dice, ages)),
                                     m_dice.between(0, 1'000'000));
            for (QByteArray *name :
                 {&call.keyId, &call.userId, &call.teamId, &call.endUser, &call.model,
                  &call.deploymentId, &call.provider, &call.organizationId}) {
                *name = oneOf(m_dice, names);
            }
            call.tags = oneOf(m_dice, tags);
            calls.push_back(call);
        }
        const bool isFar = m_dice.between(0, 19) == 0;
        oneOf(m_dice, m_gateways)->post(calls, isFar ? 40'000'000 : 0);
    }
    void renew()
    {
        compare(*oneOf(m_dice, m_gateways), oneOf(m_dice, m_budgets));
    }
    void compare(PlayedGateway &gateway, const Budget &budget)
    {
        limits::SpendWindow shown(budget, m_now);
        limits::SpendWindow counted = shown;
        const WallTime since = shown.begin();
        const ports::SpendingSoFar found = gateway.renewed(budget, since);
        const std::vector<ports::Spending> recount =
            m_keeper.spendingOf(budget, since).value().spendings;
        QCOMPARE(found.applied, gateway.applied());
        QCOMPARE(sumOf(found.spendings).nanos(), sumOf(recount).nanos());
        shown.add(found.spendings, m_now);
        counted.add(recount, m_now);
        QCOMPARE(shown.spent().nanos(), counted.spent().nanos());
        compareLater(budget, shown, counted);
        ++comparisons;
        spent += shown.spent();
    }
    /// Both forget the same; but where hours were added up, which are no part of a step, the recount may do so later.
    void compareLater(const Budget &budget, limits::SpendWindow &shown,
                      limits::SpendWindow &counted)
    {
        if (!budget.duration || budget.reset == BudgetReset::Calendar
            || rollingStep(*budget.duration) % spendingGrain(budget) != 0ms) {
            return;
        }
        for (int later = 1; later < 64; ++later) {
            const WallTime at = m_now + later * rollingStep(*budget.duration);
            shown.advance(at);
            counted.advance(at);
            QCOMPARE(shown.spent().nanos(), counted.spent().nanos());
        }
    }

    Dice m_dice;
    Store m_keeper; ///< Reads all each time.
    std::vector<std::unique_ptr<PlayedGateway>> m_gateways;
    std::vector<Budget> m_budgets;
    WallTime m_now = fullHour;
};

} // namespace

/// Whatever the dialect of the run: in SQLite there are no grants.
class BudgetTalliesTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;

    [[nodiscard]] std::unique_ptr<PlayedGateway> gateway(const char *journal) const
    {
        return std::make_unique<PlayedGateway>(m_place->address(), m_clock,
                                               QString::fromLatin1(journal));
    }
    [[nodiscard]] std::unique_ptr<Database> database() const
    {
        return Database::open(m_place->address()).value();
    }
    void insert(const Budget &budget) const
    {
        Store store(m_place->address(), m_clock);
        QVERIFY(store.insertBudget(budget).has_value());
    }
    /// Returns how many calls the database has read for this connection so far, as it counts them itself.
    static qint64 callsRead(const Database &database)
    {
        QSqlQuery query(database.connection());
        const bool isRead = query.exec(
            u"SELECT SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables "
            "WHERE relname LIKE 'spend\\_%'"_s);
        return isRead && query.next() ? query.value(0).toLongLong() : -1;
    }

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("DELTA_TEST_DIALECT", "postgres");
    }
    void init()
    {
        m_place = std::make_unique<StorePlace>();
    }

    void tellsWhatACountOfAllCallsTells_data()
    {
        QTest::addColumn<unsigned>("seed");
        for (unsigned seed = 1; seed <= 4; ++seed) {
            QTest::addRow("%u", seed) << seed;
        }
    }
    void tellsWhatACountOfAllCallsTells()
    {
        QFETCH(const unsigned, seed);
        RandomPlay play(m_place->address(), m_clock, seed);
        for (int turn = 0; turn < 250; ++turn) {
            play.turn();
            if (QTest::currentTestFailed()) {
                qWarning("seed %u, turn %d", seed, turn);
                return;
            }
        }
        play.renewAll();
        QVERIFY(play.comparisons > 80);
        QVERIFY(play.spent > nanos(1'000'000));
        Store store(m_place->address(), m_clock);
        const Verification verification = store.verify().value();
        QVERIFY2(verification.isSound(), qPrintable(verification.toText()));
    }

    void countsACallUnderANameThatNoneHadBefore()
    {
        const auto first = gateway("first");
        const auto second = gateway("second");
        for (const auto &[scope, name] : enumNames(BudgetScope())) {
            insert(budgetOf(scope, QString::fromLatin1(name)));
            QCOMPARE(first->spent(budgetOf(scope, QString::fromLatin1(name))), Money());
        }
        second->post({callAt(fullHour, 7)});
        for (const auto &[scope, name] : enumNames(BudgetScope())) {
            QCOMPARE(first->spent(budgetOf(scope, QString::fromLatin1(name))), nanos(7));
        }
    }

    // What is not there any more cannot be read again.
    void readsNoCallTwice()
    {
        const Budget budget = budgetOf(BudgetScope::EndUser);
        insert(budget);
        const auto first = gateway("first");
        const auto second = gateway("second");
        first->post({callAt(fullHour, 1), callAt(fullHour, 2)});
        second->post({callAt(fullHour, 4)});
        QCOMPARE(first->spent(budget), nanos(7));
        const auto behind = database();
        QVERIFY(behind->execute(u"DELETE FROM spend_events"_s).has_value());
        second->post({callAt(fullHour, 8)});
        QCOMPARE(first->spent(budget), nanos(15));
        QCOMPARE(second->spent(budget), nanos(8));
    }

    // The database's own count of rows, while the calls of the window become more and more.
    void readsAsManyCallsAsWerePosted()
    {
        Budget budget = budgetOf(BudgetScope::EndUser);
        budget.duration = Period{1, PeriodUnit::Day};
        budget.reset = BudgetReset::Rolling;
        insert(budget);
        const auto other = gateway("other");
        const auto own = database();
        BudgetTallies tallies(*own);
        const ports::GrantQuestion question{budget, fullHour - 24h};
        std::vector<SpendEntry> many(3000, callAt(fullHour, 1));
        for (int round = 1; round <= 3; ++round) {
            other->post(many);
            QVERIFY(own->execute(u"ANALYZE spend_events"_s).has_value());
            QVERIFY(tallies.prepare(question).has_value());
            other->post({callAt(fullHour, 1), callAt(fullHour - 20h, 1), callAt(fullHour, 1)});
            const auto transaction = Transaction::begin(*own);
            const qint64 before = callsRead(*own);
            const BudgetTally *const tally = tallies.prepare(question).value();
            const qint64 read = callsRead(*own) - before;
            QVERIFY2(read >= 3 && read < 10, // The planner looks up where the newest are.
                     qPrintable(QString::number(read)));
            QCOMPARE(sumOf(tally->spendings()).nanos(), round * 3003);
        }
    }

    // What is committed last has the smaller id, and was there, unseen, when the rest was read.
    void countsWhatIsCommittedLate()
    {
        const Budget budget = budgetOf(BudgetScope::EndUser);
        insert(budget);
        const auto first = gateway("first");
        const auto second = gateway("second");
        first->post({callAt(fullHour, 1)});
        const auto slow = database();
        QVERIFY(slow->execute(u"BEGIN"_s).has_value());
        QVERIFY(slow->execute(u"INSERT INTO spend_events SELECT (jsonb_populate_record(e, "
                              "jsonb_build_object('id', e.id + 8, 'cost_nanos', 2))).* "
                              "FROM spend_events AS e"_s)
                    .has_value());
        QVERIFY(slow->execute(u"UPDATE journals SET applied = 16"_s).has_value());
        second->post({callAt(fullHour, 4)});
        QCOMPARE(second->spent(budget), nanos(5));
        QVERIFY(slow->execute(u"COMMIT"_s).has_value());
        QCOMPARE(second->spent(budget), nanos(7));
        QCOMPARE(second->spent(budget), nanos(7));
    }

    // What was read as the sum of an hour lies in two steps.
    void readsAnewWhereAnHourIsForgottenInPart()
    {
        Budget budget = budgetOf(BudgetScope::Key);
        budget.duration = Period{1, PeriodUnit::Week};
        budget.reset = BudgetReset::Rolling;
        insert(budget);
        const auto first = gateway("first");
        const std::chrono::milliseconds step = rollingStep(*budget.duration);
        const WallTime begin = fullHour - fullHour.time_since_epoch() % step;
        QVERIFY(begin.time_since_epoch() % 1h != 0ms);
        first->post({callAt(begin - 1ms, 1), callAt(begin, 2)});
        QCOMPARE(first->spent(budget, begin - step), nanos(3));
        QCOMPARE(first->spent(budget, begin), nanos(2));
        QCOMPARE(first->spent(budget, begin + step), Money());
    }

    void startsOverWhereTheDatabaseIsAnOlderOne()
    {
        const Budget budget = budgetOf(BudgetScope::EndUser);
        insert(budget);
        const auto first = gateway("first");
        const auto second = gateway("second");
        first->post({callAt(fullHour, 1), callAt(fullHour, 2)});
        QCOMPARE(second->spent(budget), nanos(3));
        const auto behind = database();
        QVERIFY(behind->execute(u"DELETE FROM spend_events WHERE cost_nanos = 2"_s).has_value());
        QVERIFY(behind->execute(u"UPDATE journals SET applied = 8"_s).has_value());
        QCOMPARE(second->spent(budget), nanos(1));
    }

    // The window may end between the question and the look; what is of the old one must not count in the new one.
    void keepsAWindowOfTheCalendarApartFromTheNext()
    {
        Budget budget = budgetOf(BudgetScope::EndUser);
        budget.duration = Period{1, PeriodUnit::Day};
        budget.reset = BudgetReset::Calendar;
        insert(budget);
        const auto own = gateway("own");
        const WallTime midnight = fullHour + 3h;
        own->post({callAt(midnight - 1h, 5)});
        QCOMPARE(own->spent(budget, midnight - 24h), nanos(5));
        own->post({callAt(midnight + 50ms, 1)});
        Money ofNext;
        for (const ports::Spending &sum : own->renewed(budget, midnight - 24h).spendings) {
            ofNext += sum.at >= midnight ? sum.amount : Money();
        }
        QCOMPARE(ofNext, nanos(1));
    }

    // It would grow for as long as others spend, for what is over is left out when somebody asks.
    void forgetsATallyThatNobodyAsksFor()
    {
        Budget idle = budgetOf(BudgetScope::EndUser, u"idle"_s);
        idle.duration = Period{60, PeriodUnit::Second};
        idle.reset = BudgetReset::Rolling;
        const Budget busy = budgetOf(BudgetScope::Gateway, u"busy"_s);
        insert(idle);
        insert(busy);
        const auto own = gateway("own");
        const auto other = gateway("other");
        QCOMPARE(own->spent(idle, fullHour), Money());
        std::vector<SpendEntry> calls;
        for (int second = 0; second < 1100; ++second) {
            calls.push_back(callAt(fullHour + std::chrono::seconds(second), 1));
        }
        other->post(calls);
        QCOMPARE(own->spent(busy), nanos(1100));
        const auto behind = database();
        QVERIFY(behind->execute(u"DELETE FROM spend_events"_s).has_value());
        // What was forgotten is read again, and is not there any more.
        QCOMPARE(own->spent(idle, fullHour + 1050s), Money());
        QCOMPARE(own->spent(busy), nanos(1100));
    }

    // Each call costs a nano and moves the position by eight.
    void tellsSpendAndPositionOfOneMomentBesideGatewaysThatPost()
    {
        Budget all = budgetOf(BudgetScope::Gateway, u"all"_s);
        insert(all);
        std::map<QString, Budget> own;
        for (const QString &journal : {u"first"_s, u"second"_s}) {
            own[journal] = budgetOf(BudgetScope::Key, journal);
            own[journal].scopeId = journal;
            insert(own[journal]);
        }
        constexpr int calls = 60;
        std::atomic<int> failures = 0;
        const auto play = [&](const QString &journal) {
            Store grants(m_place->address(), m_clock, journal);
            std::atomic<bool> isPosting = true;
            const std::jthread poster([&] {
                Store ledger(m_place->address(), m_clock, journal);
                SpendEntry call = callAt(fullHour, 1);
                call.keyId = journal.toLatin1();
                for (std::uint64_t at = 0; at < calls * 8; at += 8) {
                    call.requestId = call.keyId + QByteArray::number(quint64(at));
                    failures += ledger.apply({{at, call}}, {at + 8, at + 8}) ? 0 : 1;
                }
                isPosting = false;
            });
            while (isPosting) {
                const auto isExact = [&](const GrantPicture &seen) {
                    const auto spent = sumOf(seen.before.spendings).nanos();
                    failures += static_cast<std::uint64_t>(spent) * 8 == seen.before.applied ? 0
                                                                                             : 1;
                    return ports::Grant();
                };
                failures += grants.renewGrant({own.at(journal), WallTime::min()}, isExact) ? 0 : 1;
                failures += grants.renewGrant({all, WallTime::min()},
                                              [](const GrantPicture &) { return ports::Grant(); })
                    ? 0
                    : 1;
            }
            const auto isWhole = [&](const GrantPicture &seen) {
                failures += sumOf(seen.before.spendings) >= nanos(calls) ? 0 : 1;
                return ports::Grant();
            };
            failures += grants.renewGrant({all, WallTime::min()}, isWhole) ? 0 : 1;
        };
        {
            const std::jthread first([&] { play(u"first"_s); });
            const std::jthread second([&] { play(u"second"_s); });
        }
        QCOMPARE(failures.load(), 0);
        QCOMPARE(gateway("third")->spent(all), nanos(2 * calls));
    }
};

QTEST_GUILESS_MAIN(BudgetTalliesTest)
#include "tst_budget_tallies.moc"
