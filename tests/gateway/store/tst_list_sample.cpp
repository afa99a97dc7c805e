// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/list_sample.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <memory>
#include <optional>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

/// Of 400 teams every fourth is blocked, and every hundredth is called rare.
class ListSampleTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Database> m_database;

    static ListQuestion question()
    {
        ListQuestion all;
        all.reach.isAll = true;
        return all;
    }
    std::optional<qint64> estimate(const ListQuestion &asked)
    {
        const Sampling sampling{.rows = 100, .leastSampled = 200, .leastEstimate = 50};
        return estimateRows(*m_database, teamList(), asked, SearchPath::Rows, sampling).value();
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"test"_s);
        QVERIFY(m_store->open());
        QVERIFY(m_store->change([](ControlTables &tables) -> Result<void> {
            for (int i = 0; i < 400; ++i) {
                Team team;
                team.id = u"t%1"_s.arg(i);
                team.name = i % 100 == 0 ? u"Rare"_s : u"Usual"_s;
                team.organizationId = u"all"_s;
                team.block.isBlocked = i % 4 == 0;
                team.stamp.revision = 1;
                TRY_VOID(tables.teams.insert(team));
            }
            return {};
        }));
        m_database = Database::open(m_place->address()).value();
        QVERIFY(m_database->execute(u"ANALYZE teams"_s)); // PostgreSQL counts when it is told to.
    }
    void cleanupTestCase()
    {
        m_database.reset();
        m_store.reset();
    }

    void estimatesByTheFirstRows()
    {
        ListQuestion blocked = question();
        blocked.filters.emplace_back("blocked"_L1, QStringList{u"true"_s});
        QCOMPARE(estimate(blocked), std::optional<qint64>(100));
        ListQuestion usual = question();
        usual.search = u"usual"_s;
        QCOMPARE(estimate(usual), std::optional<qint64>(396));
        usual.filters = blocked.filters;
        QCOMPARE(estimate(usual), std::optional<qint64>(96));
    }

    void leavesToBeCountedWhatIsSoon()
    {
        QCOMPARE(estimate(question()), std::nullopt);
        ListQuestion rare = question();
        rare.search = u"rare"_s;
        QCOMPARE(estimate(rare), std::nullopt);
        ListQuestion owned = question();
        owned.filters.emplace_back("blocked"_L1, QStringList{u"true"_s});
        owned.filters.emplace_back("organization_id"_L1, QStringList{u"all"_s});
        QCOMPARE(estimate(owned), std::nullopt);
        ListQuestion reached = question();
        reached.search = u"usual"_s;
        reached.reach = {.isAll = false, .organizations = {u"all"_s}, .teams = {}, .user = {}};
        QCOMPARE(estimate(reached), std::nullopt);
    }
};

QTEST_GUILESS_MAIN(ListSampleTest)
#include "tst_list_sample.moc"
