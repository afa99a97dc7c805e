// labels: db fault
// services: postgres
// dialects: both
#include "gateway/store/control_tables.h"
#include "gateway/store/store.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <tuple>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;

class ChangesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        QVERIFY(m_store.open());
        QVERIFY(m_store.change([](ControlTables &tables) -> Result<void> {
            for (const QString &id : {u"outer"_s, u"inner"_s}) {
                TRY_VOID(tables.teams.remove({id}));
            }
            return {};
        }));
    }

    void keepsWhatAChangeWithinAnotherDid()
    {
        QVERIFY(m_store.change([this](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.teams.insert(team(u"outer"_s)));
            return m_store.change(inserting(u"inner"_s));
        }));
        QVERIFY(isThere(u"outer"_s));
        QVERIFY(isThere(u"inner"_s));
    }

    void undoesAllWhenTheOuterChangeFails()
    {
        QVERIFY(!m_store.change([this](ControlTables &) -> Result<void> {
            TRY_VOID(m_store.change(inserting(u"inner"_s)));
            return failure(ApiError::conflict(u"no"_s));
        }));
        QVERIFY(!isThere(u"inner"_s));
    }

    void undoesAllWhenTheInnerChangeFailsThoughNobodyLooked()
    {
        const auto done = m_store.change([this](ControlTables &tables) -> Result<void> {
            TRY_VOID(tables.teams.insert(team(u"outer"_s)));
            std::ignore = m_store.change([](ControlTables &) -> Result<void> {
                return failure(ApiError::conflict(u"no"_s));
            });
            return {};
        });
        QVERIFY(!done);
        QCOMPARE(done.error().kind, ErrorKind::Conflict);
        QVERIFY(!isThere(u"outer"_s));
    }

    void saysWhetherAChangeIsUnderWay()
    {
        QVERIFY(!m_store.isChanging());
        QVERIFY(m_store.change([this](ControlTables &) -> Result<void> {
            return m_store.isChanging() ? Result<void>() : failure(ApiError::internal(u"no"_s));
        }));
        QVERIFY(!m_store.isChanging());
    }

private:
    static Team team(const QString &id)
    {
        Team made;
        made.id = id;
        made.name = id;
        return made;
    }
    static Store::ControlWork inserting(const QString &id)
    {
        return [id](ControlTables &tables) { return tables.teams.insert(team(id)); };
    }
    bool isThere(const QString &id)
    {
        std::optional<Team> found;
        const auto looked = m_store.look([&](ControlTables &tables) -> Result<void> {
            TRY(found, tables.teams.find({id}));
            return {};
        });
        return looked && found;
    }

    delta::test::StorePlace m_place;
    auth::test::StoppedClock m_clock;
    Store m_store{m_place.address(), m_clock, u"test"_s};
};

QTEST_GUILESS_MAIN(ChangesTest)
#include "tst_changes.moc"
