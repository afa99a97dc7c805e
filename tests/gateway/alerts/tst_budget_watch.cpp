// labels: unit db
// links: gateway/store
#include "gateway/alerts/budget_alert.h"
#include "gateway/alerts/budget_watch.h"
#include "gateway/store/alert_outbox.h"
#include "gateway/store/database.h"
#include "gateway/store/store.h"
#include "tests/gateway/alerts/alert_fakes.h"

#include <QSet>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::alerts;

namespace {

constexpr auto day = 24h;

/// One gateway of several on one database.
struct Gateway {
    Gateway(const QString &path, const Clock &clock, Random &random)
        : store(path, clock)
        , outbox(store)
        , watch({outbox, [this](WallTime) { return std::exchange(news, {}); }, clock, random},
                {{50, 80, 100}, {u"webhook"_s, u"email"_s}}, u"Kitchen"_s)
    {
    }

    std::vector<ports::BudgetStanding> news;
    store::Store store;
    store::AlertOutbox outbox;
    BudgetWatch watch;
};

} // namespace

class BudgetWatchTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    test::StoppedClock m_clock;
    SystemRandom m_random;
    std::unique_ptr<Gateway> m_gateway;

    [[nodiscard]] QString path() const
    {
        return m_folder->filePath(u"deltallm.db"_s);
    }
    [[nodiscard]] std::unique_ptr<Gateway> makeGateway()
    {
        return std::make_unique<Gateway>(path(), m_clock, m_random);
    }
    /// A budget of 100 nano-USD a day, in the window that holds this moment.
    [[nodiscard]] ports::BudgetStanding standingOf(std::int64_t spent,
                                                   std::int64_t limit = 100) const
    {
        ports::BudgetStanding standing;
        standing.budget.id = u"b1"_s;
        standing.budget.scopeId = u"k1"_s;
        standing.budget.maxBudget = Money::fromNanos(limit);
        standing.budget.duration = Period{1, PeriodUnit::Day};
        standing.spent = Money::fromNanos(spent);
        standing.limit = standing.budget.maxBudget;
        standing.windowBegin = std::chrono::floor<std::chrono::days>(m_clock.now);
        standing.windowEnd = *standing.windowBegin + day;
        return standing;
    }
    [[nodiscard]] ports::BudgetStanding endless(std::int64_t spent, std::int64_t limit = 100) const
    {
        ports::BudgetStanding standing = standingOf(spent, limit);
        standing.budget.duration.reset();
        standing.windowBegin.reset();
        standing.windowEnd.reset();
        return standing;
    }
    [[nodiscard]] ports::BudgetStanding rolling(std::int64_t spent) const
    {
        ports::BudgetStanding standing = endless(spent);
        standing.budget.duration = Period{1, PeriodUnit::Day};
        standing.budget.reset = BudgetReset::Rolling;
        return standing;
    }
    int look(Gateway &gateway, const ports::BudgetStanding &standing)
    {
        gateway.news = {standing};
        return gateway.watch.look().value();
    }
    int look(const ports::BudgetStanding &standing)
    {
        return look(*m_gateway, standing);
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_clock = {};
        m_gateway = makeGateway();
    }
    void cleanup()
    {
        m_gateway.reset();
    }

    void tellsEachThresholdOnce()
    {
        QCOMPARE(look(standingOf(10)), 0);
        QCOMPARE(look(standingOf(50)), 1);
        QCOMPARE(look(standingOf(60)), 0);
        QCOMPARE(look(standingOf(100)), 2);
        QCOMPARE(look(standingOf(101)), 0);
        const auto records = m_gateway->outbox.newest(100).value();
        QCOMPARE(records.size(), 6U); // Three thresholds through two channels.
        QSet<QString> ids;
        for (const ports::AlertRecord &record : records) {
            ids.insert(record.place.id);
            QCOMPARE(record.state, u"queued"_s);
        }
        QCOMPARE(ids.size(), 3);
    }

    void tellsWhatHappened()
    {
        m_clock.now += 5s;
        QCOMPARE(look(standingOf(50)), 1);
        const auto records = m_gateway->outbox.newest(100).value();
        const BudgetAlert alert = BudgetAlert::fromEvent(records.front().event).value();
        QCOMPARE(alert.id, records.front().place.id);
        QVERIFY(alert.id.startsWith(u"alert_"));
        QVERIFY(alert.createdAt == m_clock.now);
        QCOMPARE(alert.instance, u"Kitchen"_s);
        QCOMPARE(alert.threshold, u"50"_s);
        QVERIFY(alert.budget == standingOf(0).budget);
        QCOMPARE(alert.spent.nanos(), 50);
        QVERIFY(alert.windowBegin == standingOf(0).windowBegin);
        QVERIFY(alert.renewsAt == standingOf(0).windowEnd);
    }

    void tellsEachWindowAnew()
    {
        QCOMPARE(look(standingOf(80)), 2);
        m_clock.now += day;
        QCOMPARE(look(standingOf(80)), 2);
        QCOMPARE(look(standingOf(80)), 0);
    }

    void tellsAnotherLimitAnew()
    {
        QCOMPARE(look(endless(80)), 2);
        QCOMPARE(look(endless(80, 200)), 0);
        QCOMPARE(look(endless(160, 200)), 2);
        QCOMPARE(look(endless(160, 100)), 1); // The 100 % of the old limit were not told yet.
        QCOMPARE(look(endless(160, 200)), 0);
    }

    void tellsABudgetThatNeverEndsOnceForGood()
    {
        QCOMPARE(look(endless(50)), 1);
        m_clock.now += 1000 * day;
        QCOMPARE(look(endless(50)), 0);
        m_gateway = makeGateway();
        QCOMPARE(look(endless(50)), 0);
    }

    void tellsARollingBudgetOnceInAnyDuration()
    {
        QCOMPARE(look(rolling(50)), 1);
        m_clock.now += day - 1h;
        QCOMPARE(look(rolling(50)), 0);
        m_clock.now += 1h;
        QCOMPARE(look(rolling(50)), 1);
        m_clock.now += day / 2;
        QCOMPARE(look(rolling(50)), 0);
        QCOMPARE(look(rolling(80)), 1);
    }

    void tellsNothingTwiceAfterARestart()
    {
        QCOMPARE(look(standingOf(80)), 2);
        m_gateway = makeGateway();
        QCOMPARE(look(standingOf(80)), 0);
        QCOMPARE(look(standingOf(100)), 1);
    }

    void tellsNothingTwiceWhereSeveralGatewaysAre()
    {
        const auto other = makeGateway();
        QCOMPARE(look(standingOf(50)), 1);
        QCOMPARE(look(*other, standingOf(80)), 1);
        QCOMPARE(look(standingOf(80)), 0);
    }

    void tellsNothingTwiceWhereManyLookAtOnce()
    {
        constexpr int gateways = 8;
        std::atomic<int> told = 0;
        std::vector<std::jthread> threads;
        QVERIFY(m_gateway->store.open());
        for (int number = 0; number < gateways; ++number) {
            threads.emplace_back([this, &told] {
                const auto gateway = makeGateway();
                told += look(*gateway, standingOf(100));
            });
        }
        threads.clear();
        QCOMPARE(told.load(), 3);
        QCOMPARE(m_gateway->outbox.queued().value(), 6);
    }

    void tellsLaterWhatTheStoreCannotTakeNow()
    {
        QVERIFY(m_gateway->store.open());
        const auto other = store::Database::open(path()).value();
        QVERIFY(other->execute(u"ALTER TABLE alert_outbox RENAME TO away"_s));
        m_gateway->news = {standingOf(50)};
        QVERIFY(!m_gateway->watch.look());
        QVERIFY(!m_gateway->watch.look());
        QVERIFY(other->execute(u"ALTER TABLE away RENAME TO alert_outbox"_s));
        QCOMPARE(m_gateway->watch.look().value(), 1);
        QCOMPARE(m_gateway->outbox.queued().value(), 2);
    }

    // A budget of the same name that was removed and made anew is another one.
    void tellsOfABudgetThatWasMadeAnew()
    {
        Budget budget = standingOf(0).budget;
        QVERIFY(m_gateway->store.insertBudget(budget));
        QCOMPARE(look(standingOf(50)), 1);
        QVERIFY(m_gateway->store.removeBudget(budget.id).value());
        QVERIFY(m_gateway->store.insertBudget(budget));
        m_clock.now += 11min;
        QCOMPARE(look(standingOf(50)), 1);
    }
};

QTEST_GUILESS_MAIN(BudgetWatchTest)
#include "tst_budget_watch.moc"
