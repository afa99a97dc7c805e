// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/list_reader.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

/// 21,000 teams whose names come first, and 12,000 whose names come last: more than are counted, and further off than
/// a page is looked for row by row. All but every twentieth belong to an organisation. As many keys with such names.
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
    /// Returns all, page after page.
    QStringList allOf(ListQuestion asked)
    {
        QStringList all;
        do {
            const ListPage<Team> page = read(asked);
            all += namesOf(page);
            asked.place = page.next;
        } while (asked.place);
        return all;
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
            "CASE WHEN g % 20 <> 0 THEN 'org' ELSE '' END, '[]', '{}', 0, '', g, g, 1 FROM s"_s
                .arg(early + late - 1)
                .arg(early);
        QVERIFY(m_database->execute(teams));
        QVERIFY(m_database->execute(u"ANALYZE teams"_s));
        const QString keys =
            u"INSERT INTO virtual_keys (key_id, mac, alias, hint, user_id, team_id, models, "
            u"blocked, created_at) "
            "WITH RECURSIVE s (g) AS (SELECT 0 UNION ALL SELECT g + 1 FROM s WHERE g < %1) SELECT "
            "'key-' || g, %3, "
            "CASE WHEN g < %2 THEN 'early-' ELSE 'late-' END || (100000 + g), '', '', '', '[]', 0, %1 - g FROM s"_s
                .arg(early + late - 1)
                .arg(early)
                .arg(StorePlace::either("CAST(printf('%032d', g) AS BLOB)",
                                        "decode(lpad(to_hex(g), 64, '0'), 'hex')"));
        QVERIFY(m_database->execute(keys));
        QVERIFY(m_database->execute(u"ANALYZE virtual_keys"_s));
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
        QVERIFY(!first.previous);
        QVERIFY(first.total.isEstimate);
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
        QCOMPARE(allOf(asked), numbered(u"Late "_s, early, early + late));
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
        asked.place = ListPlace{u"late 131500"_s, u"team-31500"_s};
        QCOMPARE(waysTo(asked), 1);
        QCOMPARE(namesOf(read(asked)), numbered(u"Late "_s, 31'501, 31'551));
    }
    void looksThroughOneOrganisationForWhatIsRare()
    {
        ListQuestion asked = question(u"late"_s, 1'500);
        asked.reach = {.isAll = false, .organizations = {u"org"_s}, .teams = {}, .user = {}};
        const SearchPath path = chooseSearchPath(*m_database, teamList(), asked).value();
        QCOMPARE(path, StorePlace::isPostgres() ? SearchPath::Rows : SearchPath::Members);
        QStringList wanted = numbered(u"Late "_s, early, early + late);
        wanted.removeIf([](const QString &name) { return name.last(6).toInt() % 20 == 0; });
        QCOMPARE(allOf(asked), wanted);
    }
    void looksThroughAnOrganisationAndAFewOthers()
    {
        ListQuestion asked = question(u"late"_s, 1'500);
        asked.reach = {.isAll = false,
                       .organizations = {u"org"_s},
                       .teams = {u"team-40"_s, u"team-21000"_s, u"team-21001"_s},
                       .user = {}};
        QCOMPARE(chooseSearchPath(*m_database, teamList(), asked).value(),
                 StorePlace::isPostgres() ? SearchPath::Rows : SearchPath::Members);
        QStringList wanted = numbered(u"Late "_s, early, early + late);
        wanted.removeIf([](const QString &name) {
            const int number = name.last(6).toInt();
            return number % 20 == 0 && number != 100'000 + early;
        });
        QCOMPARE(allOf(asked), wanted);
        asked.search = u"nobody"_s;
        QVERIFY(read(asked).items.empty());
    }
    void readsWhatIsReachedWhereThatIsLittle()
    {
        ListQuestion asked = question(u"late"_s, 50);
        asked.reach = {.isAll = false,
                       .organizations = {},
                       .teams = {u"team-40"_s, u"team-21000"_s},
                       .user = {}};
        QCOMPARE(chooseSearchPath(*m_database, teamList(), asked).value(), SearchPath::Rows);
        QCOMPARE(allOf(asked), QStringList{u"Late 121000"_s});
    }
    void asksForNoPageWhereThereIsNothing()
    {
        const ListQuestion asked = question(u"nobody"_s, 50);
        QCOMPARE(waysTo(asked), 0);
        const ListPage<Team> page = read(asked);
        QVERIFY(page.items.empty() && !page.next && !page.previous);
        QCOMPARE(page.total.rows, 0);
    }
    void sortsTheKeysOfASearchByWhatever_data()
    {
        QTest::addColumn<QByteArray>("sort");
        QTest::addColumn<bool>("isUp");
        QTest::addColumn<bool>("isFirstFirst");
        QTest::newRow("name") << QByteArray("name") << true << true;
        QTest::newRow("name, down") << QByteArray("name") << false << false;
        QTest::newRow("newest") << QByteArray("created_at") << false << true;
        QTest::newRow("oldest") << QByteArray("created_at") << true << false;
        QTest::newRow("end") << QByteArray("expires_at") << true << true; // None ends: by id.
        QTest::newRow("id") << QByteArray() << true << true;
    }
    void sortsTheKeysOfASearchByWhatever()
    {
        QFETCH(const QByteArray, sort);
        QFETCH(const bool, isUp);
        QFETCH(const bool, isFirstFirst);
        ListQuestion asked = question(u"late"_s, 2'500);
        asked.sort = QLatin1StringView(sort);
        asked.direction = isUp ? SortDirection::Ascending : SortDirection::Descending;
        QStringList all;
        do {
            ListPage<ManagedKey> page;
            QVERIFY(readPage(*m_database, keyList(), asked, page));
            for (const ManagedKey &key : page.items) {
                all.append(key.name);
            }
            asked.place = page.next;
        } while (asked.place);
        QStringList wanted = numbered(u"late-"_s, early, early + late);
        if (!isFirstFirst) {
            std::ranges::reverse(wanted);
        }
        QCOMPARE(all, wanted);
    }
    void passesOverRowsForClientsThatCountPages()
    {
        ListQuestion asked = question(u"late"_s, 20);
        asked.skip = 40;
        ListPage<ManagedKey> page;
        QVERIFY(readPage(*m_database, keyList(), asked, page));
        QCOMPARE(page.items.size(), 20U);
        QCOMPARE(page.items.front().name, u"late-121040"_s);
        QCOMPARE(page.total.isEstimate,
                 StorePlace::isPostgres()); // The index of words of SQLite knows.
        QCOMPARE(page.total.rows, StorePlace::isPostgres() ? mostCounted : late);
    }
    void leavesAPlainListToItsIndex()
    {
        QCOMPARE(waysTo(question({}, 50)), 1);
    }
};

QTEST_GUILESS_MAIN(ListWaysTest)
#include "tst_list_ways.moc"
