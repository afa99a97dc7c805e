// labels: db
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/login_tables.h"
#include "gateway/store/store.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <chrono>
#include <memory>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

namespace {

constexpr WallTime now = WallTime(1'795'824'000'000ms);

User userOf(const QString &id, PlatformRole role = PlatformRole::None)
{
    User user;
    user.id = id;
    user.role = role;
    user.stamp = {.createdAt = now, .updatedAt = now, .revision = 1};
    return user;
}

ScimGroup groupOf(const QString &id, const QString &name, const QString &externalId = {})
{
    return {.id = id,
            .displayName = name,
            .nameKey = ScimTables::nameKey(name),
            .externalId = externalId,
            .stamp = {.createdAt = now, .updatedAt = now, .revision = 1}};
}

} // namespace

class ScimTablesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_store.reset();
        m_place = std::make_unique<StorePlace>();
        m_store = std::make_unique<Store>(m_place->address(), m_clock);
        QVERIFY(m_store->open());
    }

    void keepsWhatADirectorySaysOfAUser()
    {
        const ScimFacts facts{u"Änn@Example.com"_s, u"e-1"_s, {{"title"_L1, u"Dr \"x\""_s}}};
        change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.users.insert(userOf(u"ann"_s)));
            TRY_VOID(tables.scim.insertUser(u"ann"_s, facts));
            TRY(const auto found, tables.scim.userByName(u"äNN@example.COM"_s));
            [&] {
                QVERIFY(found);
                QCOMPARE(found->facts, facts);
                QCOMPARE(found->user, userOf(u"ann"_s));
            }();
            TRY(const auto byId, tables.scim.userByExternalId(u"e-1"_s));
            TRY(const auto none, tables.scim.userByExternalId(QString()));
            [&] { QVERIFY(byId && !none); }();
            TRY_VOID(tables.scim.updateUser(u"ann"_s, {u"b"_s, {}, {}}));
            TRY(const auto changed, tables.scim.user(u"ann"_s));
            [&] { QCOMPARE(changed->facts.userName, u"b"_s); }();
            return {};
        });
    }

    void pagesInTheOrderOfIds()
    {
        change([&](ControlTables &tables) -> Result<void> {
            for (const QString &id : {u"c"_s, u"a"_s, u"b"_s}) {
                TRY_VOID(tables.users.insert(userOf(id)));
                TRY_VOID(tables.scim.insertUser(id, {id, {}, {}}));
                TRY_VOID(tables.scim.insertGroup(groupOf(id, id)));
            }
            TRY(const auto users, tables.scim.users({1, 5}));
            TRY(const auto groups, tables.scim.groups({1, 1}));
            TRY(const qint64 count, tables.scim.userCount());
            [&] {
                QCOMPARE(users.size(), 2U);
                QCOMPARE(users.front().user.id, u"b"_s);
                QCOMPARE(groups.size(), 1U);
                QCOMPARE(count, 3);
            }();
            return {};
        });
    }

    void forgetsMembersWithTheUserAndWithTheGroup()
    {
        change([&](ControlTables &tables) -> Result<void> {
            for (const QString &id : {u"a"_s, u"b"_s, u"c"_s}) {
                TRY_VOID(tables.users.insert(userOf(id)));
                TRY_VOID(tables.scim.insertUser(id, {id, {}, {}}));
            }
            TRY_VOID(tables.scim.insertGroup(groupOf(u"g"_s, u"G"_s, u"o-1"_s)));
            for (const QString &id : {u"a"_s, u"b"_s, u"c"_s, u"c"_s}) {
                TRY_VOID(tables.scim.addMember(u"g"_s, id));
            }
            TRY_VOID(tables.scim.removeUser(u"a"_s));
            TRY_VOID(tables.users.remove({u"b"_s}));
            TRY(const auto left, tables.scim.membersOf(u"g"_s));
            TRY(const auto groups, tables.scim.groupsOf(u"c"_s));
            TRY(const auto gone, tables.scim.user(u"b"_s));
            [&] {
                QCOMPARE(left.size(), 1U);
                QCOMPARE(left.front().userId, u"c"_s);
                QCOMPARE(groups.front(), groupOf(u"g"_s, u"G"_s, u"o-1"_s));
                QVERIFY(!gone);
            }();
            TRY_VOID(tables.scim.removeGroup(u"g"_s));
            TRY(const auto none, tables.scim.groupsOf(u"c"_s));
            [&] { QVERIFY(none.empty()); }();
            return {};
        });
    }

    void writesAGroupOnlyOverTheOneBefore()
    {
        change([&](ControlTables &tables) -> Result<void> {
            ScimGroup group = groupOf(u"g"_s, u"G"_s);
            TRY_VOID(tables.scim.insertGroup(group));
            group.displayName = u"Other"_s;
            group.nameKey = ScimTables::nameKey(group.displayName);
            TRY(const bool isStale, tables.scim.updateGroup(group));
            group.stamp.revision = 2;
            TRY(const bool isNext, tables.scim.updateGroup(group));
            TRY(const auto found, tables.scim.groupByName(u"OTHER"_s));
            [&] {
                QVERIFY(!isStale && isNext);
                QCOMPARE(found, std::optional(group));
            }();
            return {};
        });
    }

    void knowsWhoAdministersAndIsNotBlocked()
    {
        change([&](ControlTables &tables) -> Result<void> {
            User blocked = userOf(u"c"_s, PlatformRole::Admin);
            blocked.block = {true, u"x"_s};
            for (const User &user : {userOf(u"b"_s, PlatformRole::Admin), blocked,
                                     userOf(u"a"_s, PlatformRole::Viewer)}) {
                TRY_VOID(tables.users.insert(user));
            }
            TRY(const QStringList admins, tables.lockAdmins());
            [&] { QCOMPARE(admins, QStringList{u"b"_s}); }();
            return {};
        });
    }

    // Else who comes back would find open what they had left open.
    void endsSessionsWithABlockForGood()
    {
        User user = userOf(u"ann"_s);
        change([&](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.users.insert(user));
            TRY(LoginTables *const logins, m_store->logins());
            TRY_VOID(logins->sessions.insert({.id = u"s"_s,
                                              .mac = QByteArray(32, 'm'),
                                              .userId = u"ann"_s,
                                              .createdAt = now,
                                              .lastSeenAt = now,
                                              .verifiedAt = now}));
            for (const bool isBlocked : {true, false}) {
                user.block.isBlocked = isBlocked;
                ++user.stamp.revision;
                TRY_VOID(tables.users.update(user));
            }
            TRY(const auto session, logins->sessions.findByMac(QByteArray(32, 'm')));
            [&] { QVERIFY(!session); }();
            return {};
        });
    }

private:
    void change(const Store::ControlWork &work)
    {
        const Result<void> done = m_store->change(work);
        QVERIFY2(done, done ? "" : qPrintable(done.error().message + done.error().detail));
    }

    std::unique_ptr<StorePlace> m_place;
    SystemClock m_clock;
    std::unique_ptr<Store> m_store;
};

QTEST_GUILESS_MAIN(ScimTablesTest)
#include "tst_scim_tables.moc"
