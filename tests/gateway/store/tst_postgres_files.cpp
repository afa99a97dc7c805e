// labels: db
// services: postgres
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"
#include "gateway/store/sql_text.h"
#include "tests/gateway/store/store_place.h"

#include <QDirIterator>
#include <QSqlQuery>
#include <QTest>

#include <memory>

using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

namespace {

/// Returns the names of all statements that PostgreSQL has, its own and those that it shares.
QStringList queryNames()
{
    const QString folder = QStringLiteral(":/sql/queries/");
    QStringList names;
    QDirIterator files(folder, {QStringLiteral("*.sql")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QString name = files.next().sliced(folder.size()).chopped(4);
        name.remove(QStringLiteral(".pgsql"));
        names.append(name);
    }
    names.sort();
    names.removeDuplicates();
    return names;
}

} // namespace

/// Whatever the dialect of the run: this suite is about PostgreSQL.
class PostgresFilesTest : public QObject
{
    Q_OBJECT

    SystemClock m_clock;
    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Database> m_database;

private Q_SLOTS:
    void initTestCase()
    {
        qputenv("DELTA_TEST_DIALECT", "postgres");
        m_place = std::make_unique<StorePlace>();
        m_database = Database::open(m_place->address()).value();
        const auto migrated = migrate(*m_database, m_clock);
        QVERIFY2(migrated.has_value(), migrated ? "" : qPrintable(migrated.error().detail));
        for (const char *name :
             {"hourly/create_batch", "daily/create_batch", "rollups/create_batch"}) {
            const QString text = queryText(QLatin1StringView(name), Dialect::PostgreSql);
            QVERIFY(m_database->execute(text).has_value());
        }
    }
    void cleanupTestCase()
    {
        m_database.reset();
    }

    void preparesEveryStatement_data()
    {
        QTest::addColumn<QByteArray>("name");
        QVERIFY(queryNames().size() > 40);
        for (const QString &name : queryNames()) {
            QTest::newRow(qPrintable(name)) << name.toLatin1();
        }
    }
    void preparesEveryStatement()
    {
        QFETCH(const QByteArray, name);
        const QString text = queryText(QLatin1StringView(name), Dialect::PostgreSql);
        if (text.startsWith(QStringLiteral("COPY"))) {
            const auto copied = m_database->copy(QLatin1StringView(name), {});
            QVERIFY2(copied.has_value(), copied ? "" : qPrintable(copied.error().detail));
        } else if (text.contains(QStringLiteral("%1"))) {
            const auto made = m_database->execute(
                text.arg(QStringLiteral("y1970m01")).arg(0).arg(2'678'400'000));
            QVERIFY2(made.has_value(), made ? "" : qPrintable(made.error().detail));
        } else if (text.startsWith(QStringLiteral("CREATE"))
                   || text.startsWith(QStringLiteral("LISTEN"))) {
            QVERIFY(m_database->execute(text).has_value()); // Such as these are not prepared.
        } else {
            const auto prepared = m_database->prepare(QLatin1StringView(name));
            QVERIFY2(prepared.has_value(), prepared ? "" : qPrintable(prepared.error().detail));
        }
    }

    /// A page of a log must not cost a join with all calls that there are, however rare the tag is: where the
    /// planner may choose, it does that.
    void looksUpTheCallsOfATagOneAfterTheOther()
    {
        for (const char *name : {"events/create_partition", "events/create_tag_partition"}) {
            const QString text = queryText(QLatin1StringView(name), Dialect::PostgreSql);
            QVERIFY(
                m_database->execute(text.arg(QStringLiteral("y1970m01")).arg(0).arg(2'678'400'000))
                    .has_value());
        }
        QString query = queryText(QLatin1StringView("events/select_by_tag"), Dialect::PostgreSql);
        query.replace(u'?', u'$');
        const auto checked = m_database->execute(
            QStringLiteral(
                "DO $check$ DECLARE line TEXT; plan TEXT := ''; BEGIN "
                "SET LOCAL enable_nestloop = off; "
                "FOR line IN EXECUTE $query$EXPLAIN (GENERIC_PLAN) %1$query$ "
                "LOOP plan := plan || line || chr(10); END LOOP; "
                "IF plan NOT LIKE '%Nested Loop%' THEN RAISE EXCEPTION '%', plan; END IF; "
                "END $check$")
                .replace(QStringLiteral("%1"), query));
        QVERIFY2(checked.has_value(), checked ? "" : qPrintable(checked.error().detail));
    }
};

QTEST_GUILESS_MAIN(PostgresFilesTest)
#include "tst_postgres_files.moc"
