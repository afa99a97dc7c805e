// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/list_reader.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

/// 21,000 teams whose names come first, and 12,000 whose names come last: more than are counted, and further off than
/// a page is looked for row by row.
class ListWaysTest : public QObject
{
    Q_OBJECT

    static constexpr int early = 21'000;
    static constexpr int late = 12'000;

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
    std::unique_ptr<Database> m_database;

    static ListQuestion question(const QString &search, int limit)
    {
        ListQuestion asked;
        asked.reach.isAll = true;
        asked.search = search;
        asked.sort = "name"_L1;
        asked.limit = limit;
        return asked;
    }
    ListPage<Team> read(const ListQuestion &asked)
    {
        ListPage<Team> page;
        const auto read = readPage(*m_database, teamList(), asked, page);
        if (!read) {
            qFatal("%ls", qUtf16Printable(read.error().detail));
        }
        return page;
    }
    static QStringList namesOf(const ListPage<Team> &page)
    {
        QStringList names;
        for (const Team &team : page.items) {
            names.append(team.name);
        }
        return names;
    }
    static QStringList numbered(const QString &word, int first, int last, int step = 1)
    {
        QStringList names;
        for (int i = first; i != last; i += step) {
            names.append(word + QString::number(100'000 + i));
        }
        return names;
    }
    qsizetype waysTo(const ListQuestion &asked)
    {
        const auto path = chooseSearchPath(*m_database, teamList(), asked);
        const auto total = countRows(*m_database, teamList(), asked, *path);
        return std::ssize(*waysToPage(*m_database, teamList(), asked, *path, *total));
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock, u"test"_s);
        QVERIFY(m_store->open());
        m_database = Database::open(m_place->address()).value();
        const QString teams =
            u"INSERT INTO teams (team_id, name, organization_id, models, metadata, blocked, "
            "block_reason, created_at, updated_at, revision) WITH RECURSIVE s (g) AS "
            "(SELECT 0 UNION ALL SELECT g + 1 FROM s WHERE g < %1) SELECT 'team-' || g, "
            "CASE WHEN g < %2 THEN 'Early ' ELSE 'Late ' END || (100000 + g), "
            "'', '[]', '{}', 0, '', g, g, 1 FROM s"_s.arg(early + late - 1)
                .arg(early);
        QVERIFY(m_database->execute(teams));
        QVERIFY(m_database->execute(u"ANALYZE teams"_s));
    }
    void cleanupTestCase()
    {
        m_database.reset();
        m_store.reset();
    }

    void findsManyThatLieFarOff()
    {
        ListQuestion asked = question(u"late"_s, 50);
        QCOMPARE(waysTo(asked), 2);
        const ListPage<Team> first = read(asked);
        QCOMPARE(namesOf(first), numbered(u"Late "_s, early, early + 50));
        QVERIFY(first.total.isEstimate && !first.previous);
        asked.place = first.next;
        const ListPage<Team> second = read(asked);
        QCOMPARE(namesOf(second), numbered(u"Late "_s, early + 50, early + 100));
        asked.place = second.previous;
        asked.side = PageSide::Previous;
        QCOMPARE(namesOf(read(asked)), namesOf(first));
    }
    void findsThemBackwards()
    {
        ListQuestion asked = question(u"early"_s, 50);
        asked.direction = SortDirection::Descending;
        const ListPage<Team> first = read(asked);
        QCOMPARE(namesOf(first), numbered(u"Early "_s, early - 1, early - 51, -1));
        asked.place = first.next;
        QCOMPARE(namesOf(read(asked)), numbered(u"Early "_s, early - 51, early - 101, -1));
    }
    void showsEachOnceOnSomePage()
    {
        ListQuestion asked = question(u"late"_s, 2500);
        QStringList all;
        do {
            const ListPage<Team> page = read(asked);
            all += namesOf(page);
            asked.place = page.next;
        } while (asked.place);
        QCOMPARE(all, numbered(u"Late "_s, early, early + late));
    }
    void findsFewAllTogether()
    {
        const ListQuestion asked = question(u"late 1210"_s, 20);
        QCOMPARE(waysTo(asked), 1);
        const ListPage<Team> page = read(asked);
        QCOMPARE(namesOf(page), numbered(u"Late "_s, early, early + 20));
        QCOMPARE(page.total.rows, 100);
        QVERIFY(!page.total.isEstimate);
    }
    void walksNoFurtherThanTheListGoes()
    {
        ListQuestion asked = question(u"late"_s, 50);
        asked.place = ListPlace{u"late 129000"_s, u"team-29000"_s};
        QCOMPARE(waysTo(asked), 1);
        QCOMPARE(namesOf(read(asked)), numbered(u"Late "_s, 29'001, 29'051));
    }
    void leavesAPlainListToItsIndex()
    {
        QCOMPARE(waysTo(question({}, 50)), 1);
    }
};

QTEST_GUILESS_MAIN(ListWaysTest)
#include "tst_list_ways.moc"
