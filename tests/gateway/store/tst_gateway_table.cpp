// labels: db money
// services: postgres
#include "gateway/store/store.h"
#include "tests/gateway/ledger/sample_entry.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <chrono>
#include <memory>
#include <optional>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using namespace std::chrono_literals;
using delta::test::StorePlace;
using ports::GatewayEntry;
using ports::GatewayReport;

namespace {

Budget budgetCalled(const QString &id)
{
    Budget budget;
    budget.id = id;
    budget.scope = BudgetScope::Gateway;
    return budget;
}

const GatewayReport full{u"host a"_s, u"1.2.3"_s, 30s, 4, 5};

} // namespace

/// Whatever the dialect of the run: in SQLite there is one gateway.
class GatewayTableTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Store> m_first;
    std::unique_ptr<Store> m_second;

    /// Has a gateway hold something, for as long as it says.
    [[nodiscard]] static bool holds(Store &store, const QString &budget, std::int64_t nanos,
                                    std::optional<std::chrono::milliseconds> lifetime = {})
    {
        const ports::Grant grant{Money::fromNanos(nanos), lifetime};
        return store
            .renewGrant({budgetCalled(budget), WallTime()},
                        [&grant](const ports::GrantPicture &) { return grant; })
            .has_value();
    }
    [[nodiscard]] std::vector<GatewayEntry> all() const
    {
        return m_first->gateways().value();
    }

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
        QVERIFY(m_first->insertBudget(budgetCalled(u"a"_s)).has_value());
        QVERIFY(m_first->insertBudget(budgetCalled(u"b"_s)).has_value());
    }
    void cleanup()
    {
        m_first.reset();
        m_second.reset();
        m_place.reset();
    }

    void knowsNobodyWhoDidNotEnroll()
    {
        QVERIFY(!m_first->reportIn(full).value());
        QVERIFY(all().empty());
        QVERIFY(m_first->enroll(full));
        QVERIFY(m_first->reportIn(full).value());
        QVERIFY(m_first->enroll(full)); // A start after a crash.
        QCOMPARE(all().size(), 1U);
    }
    void showsWhoIsThere()
    {
        QVERIFY(m_first->enroll({}));
        QVERIFY(m_second->enroll(full));
        const std::vector<GatewayEntry> entries = all();
        QCOMPARE(entries.size(), 2U);
        QCOMPARE(entries[0].name, u"first"_s);
        QVERIFY(!entries[0].seen->report.lease);
        const GatewayEntry &second = entries[1];
        QCOMPARE(second.name, u"second"_s);
        QCOMPARE(second.seen->report.host, full.host);
        QCOMPARE(second.seen->report.version, full.version);
        QVERIFY(second.seen->report.lease == full.lease);
        QCOMPARE(second.seen->report.openCalls, 4);
        QCOMPARE(second.seen->report.backlogBytes, 5);
        QCOMPARE(second.seen->startedAt, second.seen->at);
        QVERIFY(second.seen->ago >= 0ms);
        QCOMPARE(second.holding.budgets, 0);
        QVERIFY(
            m_second->reportIn({.host = {}, .version = {}, .lease = {}, .openCalls = 7}).value());
        const GatewayEntry later = all()[1];
        QCOMPARE(later.seen->report.openCalls, 7);
        QCOMPARE(later.seen->report.host, full.host); // Said once.
        QVERIFY(!later.seen->report.lease);
    }
    void showsWhatIsHeld()
    {
        QVERIFY(m_first->enroll(full));
        QVERIFY(holds(*m_first, u"a"_s, 300) && holds(*m_first, u"b"_s, 20, 1h));
        QVERIFY(holds(*m_second, u"a"_s, 7)); // Of an older version, or orphaned.
        const std::vector<GatewayEntry> entries = all();
        QCOMPARE(entries.size(), 2U);
        QCOMPARE(entries[0].holding.amount, Money::fromNanos(320));
        QCOMPARE(entries[0].holding.budgets, 2);
        QVERIFY(!entries[1].seen);
        QCOMPARE(entries[1].holding.amount, Money::fromNanos(7));
        QVERIFY(holds(*m_first, u"b"_s, 20, 0ms)); // Its window is over.
        QCOMPARE(all()[0].holding.amount, Money::fromNanos(300));
    }
    void findsWhoWasNotSeen()
    {
        QVERIFY(m_first->enroll(full));
        QVERIFY(holds(*m_first, u"a"_s, 300));
        QVERIFY(m_second->gatewaysNotSeenFor(1h).value().empty());
        const auto unseen = m_second->gatewaysNotSeenFor(0ms).value();
        QCOMPARE(unseen.size(), 1U);
        QCOMPARE(unseen[0].name, u"first"_s);
        QCOMPARE(unseen[0].holding.amount, Money::fromNanos(300));
    }
    void forgetsWhoWasNotSeen()
    {
        QVERIFY(m_first->enroll(full));
        QVERIFY(m_second->enroll(full));
        QVERIFY(holds(*m_first, u"a"_s, 300) && holds(*m_second, u"a"_s, 5));
        const qint64 journal = all()[0].journal;
        QVERIFY(!m_second->forgetGateway(journal, 1h).value());
        QCOMPARE(all()[0].holding.amount, Money::fromNanos(300));
        const auto held = m_second->forgetGateway(journal, 0ms).value();
        QCOMPARE(held->amount, Money::fromNanos(300));
        QCOMPARE(held->budgets, 1);
        QVERIFY(!m_second->forgetGateway(journal, 0ms).value()); // Another was faster.
        QVERIFY(!m_first->reportIn(full).value());               // It hears of it.
        const std::vector<GatewayEntry> entries = all();
        QCOMPARE(entries.size(), 1U);
        QCOMPARE(entries[0].holding.amount, Money::fromNanos(5));
    }
    void forgetsWhomItIsToldTo()
    {
        QVERIFY(m_first->enroll(full));
        QVERIFY(holds(*m_first, u"a"_s, 300) && holds(*m_second, u"b"_s, 7));
        for (const GatewayEntry &entry : all()) {
            const auto held = m_first->forgetGateway(entry.journal, std::nullopt).value();
            QCOMPARE(held->amount, entry.holding.amount);
        }
        QVERIFY(all().empty());
    }
    void postsOnceWhatAForgottenOneBringsBack()
    {
        const auto post = [](Store &store, std::uint64_t offset) {
            const SpendEntry entry = delta::test::sampleEntry(
                "r" + QByteArray::number(quint64(offset)), Money::fromNanos(9));
            return store.apply({{offset, entry}}, {offset + 8, offset + 8}).has_value();
        };
        QVERIFY(post(*m_first, 0));
        QVERIFY(m_first->enroll(full));
        QVERIFY(m_second->forgetGateway(all()[0].journal, std::nullopt).value());
        Store again(m_place->address(), m_clock, u"first"_s);
        m_first.reset();
        QCOMPARE(again.journalPosition().value().applied, 8U);
        QVERIFY(post(again, 0) && post(again, 8));
        QCOMPARE(again.spendTotals({}).value().spend, Money::fromNanos(18));
        QVERIFY(again.verify().value().isSound());
    }
    void goesInOrder()
    {
        QVERIFY(m_first->enroll(full));
        QVERIFY(m_second->enroll(full));
        QVERIFY(m_second->leave());
        QCOMPARE(all().size(), 1U);
        QVERIFY(!m_second->reportIn(full).value());
    }
};

QTEST_GUILESS_MAIN(GatewayTableTest)
#include "tst_gateway_table.moc"
