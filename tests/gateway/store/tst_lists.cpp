// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/store.h"
#include "shared/core/random.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/store/store_place.h"
#include "tests/shared/dice.h"

#include <QTest>

#include <algorithm>
#include <memory>
#include <tuple>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;

namespace {

Team teamOf(const QString &id, const QString &name, const QString &organization, int age)
{
    Team team;
    team.id = id;
    team.name = name;
    team.organizationId = organization;
    team.block.isBlocked = age % 3 == 0;
    team.stamp.createdAt = WallTime(std::chrono::milliseconds(1'700'000'000'000 + age));
    team.stamp.updatedAt = team.stamp.createdAt;
    return team;
}

} // namespace

class ListsTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_store.open());
        const QStringList names{u"Alpha"_s,  u"alpha"_s,   u"Beta_1"_s,
                                u"beta%2"_s, u"G\\amma"_s, u"delta"_s};
        for (int i = 0; i < 90; ++i) {
            const QString organization = i % 4 == 0 ? QString() : u"org%1"_s.arg(i % 4);
            m_teams.push_back(teamOf(u"t%1"_s.arg(i * 37 % 90, 2, 10, QLatin1Char('0')),
                                     names[i % names.size()], organization, i / 2));
        }
        QVERIFY(m_store.change([this](ControlTables &tables) -> Result<void> {
            for (const Team &team : m_teams) {
                TRY_VOID(tables.teams.insert(team));
            }
            return {};
        }));
    }

    void pagesThroughAllRowsInOrder_data()
    {
        QTest::addColumn<QString>("sort");
        QTest::addColumn<bool>("isDown");
        for (const QString &sort : {u""_s, u"name"_s, u"created_at"_s}) {
            QTest::addRow("%s up", qPrintable(sort)) << sort << false;
            QTest::addRow("%s down", qPrintable(sort)) << sort << true;
        }
    }
    void pagesThroughAllRowsInOrder()
    {
        QFETCH(const QString, sort);
        QFETCH(const bool, isDown);
        ListQuestion question = all();
        const QByteArray column = sort.toLatin1();
        question.sort = QLatin1StringView(column);
        question.direction = isDown ? SortDirection::Descending : SortDirection::Ascending;
        question.limit = 7;

        QStringList forward;
        ListPage<Team> page = read(question);
        std::vector<ListPage<Team>> pages;
        QVERIFY(!page.previous);
        for (;; page = read(question)) {
            for (const Team &team : page.items) {
                forward.append(team.id);
            }
            pages.push_back(page);
            if (!page.next) {
                break;
            }
            question.place = page.next;
        }
        QCOMPARE(forward, sorted(sort, isDown));

        // And back again, page by page.
        for (std::size_t at = pages.size() - 1; at > 0; --at) {
            question.place = pages[at].previous;
            question.side = PageSide::Previous;
            const ListPage<Team> before = read(question);
            QCOMPARE(idsOf(before), idsOf(pages[at - 1]));
            QCOMPARE(before.previous.has_value(), at > 1);
            QVERIFY(before.next.has_value());
        }
    }

    void choosesRowsByFilterSearchAndReach()
    {
        Dice dice(7);
        for (int round = 0; round < 200; ++round) {
            ListQuestion question = all();
            question.limit = 100;
            const QString organization = u"org%1"_s.arg(dice.between(0, 4));
            const bool isFiltered = dice.between(0, 1) == 0;
            const bool isFlagged = dice.between(0, 1) == 0;
            const bool isReached = dice.between(0, 1) == 0;
            const QStringList searches{u""_s,   u"ALPHA"_s, u"%"_s,          u"_"_s,
                                       u"\\"_s, u"t1"_s,    u"' OR 1=1 --"_s};
            question.search = searches[dice.between(0, searches.size() - 1)];
            if (isFiltered) {
                question.filters.emplace_back("organization_id"_L1,
                                              QStringList{organization, u"org9"_s});
            }
            if (isFlagged) {
                question.filters.emplace_back("blocked"_L1, QStringList{u"true"_s});
            }
            question.reach = {
                .isAll = !isReached, .organizations = {u"org1"_s}, .teams = {u"t00"_s}, .user = {}};
            const auto isChosen = [&](const Team &team) {
                const QString key = question.search.toLower();
                return (!isFiltered || team.organizationId == organization)
                    && (!isFlagged || team.block.isBlocked)
                    && (!isReached || team.organizationId == u"org1"_s || team.id == u"t00"_s)
                    && (team.id.toLower().contains(key) || team.name.toLower().contains(key));
            };
            const ListPage<Team> page = read(question);
            QCOMPARE(static_cast<qsizetype>(page.items.size()),
                     std::ranges::count_if(m_teams, isChosen));
            QVERIFY(std::ranges::all_of(page.items, isChosen));
            QCOMPARE(page.total.rows, static_cast<qint64>(page.items.size()));
            QVERIFY(!page.total.isEstimate);
        }
    }

    void showsNothingToWhoMaySeeNothing()
    {
        ListQuestion question;
        QVERIFY(read(question).items.empty());
        question.reach.user = u"ann"_s; // Teams belong to no user.
        QVERIFY(read(question).items.empty());
    }

    void goesOnWhereItWasWhenRowsComeAndGo()
    {
        ListQuestion question = all();
        question.limit = 10;
        const ListPage<Team> first = read(question);
        question.place = first.next;
        QVERIFY(m_store.change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.teams.remove({first.items.back().id}));
            return tables.teams.insert(teamOf(u"t000"_s, u"New"_s, {}, 1));
        }));
        const ListPage<Team> second = read(question);
        QCOMPARE(second.items.front().id, u"t10"_s);
        QVERIFY(m_store.change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.teams.remove({u"t000"_s}));
            return tables.teams.insert(first.items.back());
        }));
    }

    void keepsARowAsItWas()
    {
        Organization row;
        row.id = u"o"_s;
        row.name = u"Ö \"quoted\" 'n' \\ back"_s;
        row.models = {u"a"_s, u"b,c"_s};
        row.storesContent = false;
        row.metadata = {{u"deep"_s, QJsonObject{{u"n"_s, 1}}}};
        row.block = {.isBlocked = true, .reason = u"why\nnot"_s};
        row.stamp = {.createdAt = WallTime(std::chrono::milliseconds(5)),
                     .updatedAt = WallTime(std::chrono::milliseconds(6)),
                     .revision = 1};
        std::optional<Organization> found;
        QVERIFY(m_store.change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.organizations.insert(row));
            TRY(found, tables.organizations.find({u"o"_s}));
            return {};
        }));
        QCOMPARE(found.value() == row, true);
    }

    void changesARowOnlyFromTheRevisionBefore()
    {
        Team team = m_teams.front();
        team.stamp.revision = 3; // It has 1.
        bool isChanged = true;
        QVERIFY(m_store.change([&](ControlTables &tables) -> Result<void> {
            TRY(isChanged, tables.teams.update(team));
            return {};
        }));
        QVERIFY(!isChanged);
    }

    void doesNothingOfAChangeThatFails()
    {
        const Result<void> outcome = m_store.change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.teams.insert(teamOf(u"x"_s, u"X"_s, {}, 1)));
            return failure(ApiError::conflict(u"No."_s));
        });
        QCOMPARE(outcome.error().kind, ErrorKind::Conflict);
        QVERIFY(m_store.look([](ControlTables &tables) -> Result<void> {
            TRY(const std::optional<Team> found, tables.teams.find({u"x"_s}));
            return found ? failure(ApiError::conflict(u"It is there."_s)) : Result<void>();
        }));
    }

private:
    static ListQuestion all()
    {
        ListQuestion question;
        question.reach.isAll = true;
        return question;
    }
    ListPage<Team> read(const ListQuestion &question)
    {
        ListPage<Team> page;
        const Result<void> outcome = m_store.look([&](ControlTables &tables) -> Result<void> {
            TRY(page, tables.teams.list(question));
            return {};
        });
        if (!outcome) {
            qWarning("%s", qPrintable(outcome.error().message + outcome.error().detail));
        }
        return page;
    }
    static QStringList idsOf(const ListPage<Team> &page)
    {
        QStringList ids;
        for (const Team &team : page.items) {
            ids.append(team.id);
        }
        return ids;
    }
    QStringList sorted(const QString &sort, bool isDown) const
    {
        std::vector<Team> teams = m_teams;
        std::ranges::sort(teams, [&](const Team &a, const Team &b) {
            const auto key = [&sort](const Team &team) {
                return std::tuple(sort == u"name"_s ? team.name.toLower() : QString(),
                                  sort == u"created_at"_s ? team.stamp.createdAt : WallTime(),
                                  team.id);
            };
            return isDown ? key(b) < key(a) : key(a) < key(b);
        });
        QStringList ids;
        for (const Team &team : teams) {
            ids.append(team.id);
        }
        return ids;
    }

    delta::test::StorePlace m_place;
    delta::auth::test::StoppedClock m_clock;
    Store m_store{m_place.address(), m_clock};
    std::vector<Team> m_teams;
};

QTEST_GUILESS_MAIN(ListsTest)
#include "tst_lists.moc"
