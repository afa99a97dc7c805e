// labels: db
// services: postgres
// dialects: both
#include "gateway/store/database.h"
#include "gateway/store/number_rows.h"
#include "tests/gateway/store/store_place.h"

#include <QTest>

#include <limits>
#include <span>
#include <vector>

using namespace Qt::StringLiterals;
using namespace delta;
using namespace delta::store;
using delta::test::StorePlace;

class NumberRowsTest : public QObject
{
    Q_OBJECT

    using Rows = std::vector<std::vector<qint64>>;

    std::unique_ptr<StorePlace> m_place;
    std::unique_ptr<Database> m_database;

    QSqlError read(const QString &statement, const QVariantList &values, Rows &rows) const
    {
        const auto take = [&rows](std::span<const qint64> row) {
            rows.emplace_back(row.begin(), row.end());
        };
        return StorePlace::isPostgres()
            ? readPostgresNumbers(m_database->connection(), statement, values, take)
            : readSqliteNumbers(m_database->connection(), statement, values, take);
    }

private Q_SLOTS:
    void init()
    {
        m_place = std::make_unique<StorePlace>();
        m_database = Database::open(m_place->address()).value();
    }
    void cleanup()
    {
        m_database.reset();
    }

    void readsEveryRowInItsOrder()
    {
        Rows rows;
        const QString statement =
            u"VALUES (1, CAST(-9223372036854775808 AS BIGINT)), (2, 9223372036854775807)"_s;
        QVERIFY(!read(statement, {}, rows).isValid());
        QCOMPARE(rows,
                 (Rows{{1, std::numeric_limits<qint64>::min()},
                       {2, std::numeric_limits<qint64>::max()}}));
    }

    void putsValuesInTheirPlacesHoweverOftenTheyStand()
    {
        Rows rows;
        const QString statement =
            u"SELECT CAST(?2 AS BIGINT), length(CAST(?1 AS TEXT)), CAST(?2 AS BIGINT) - ?3"_s;
        QVERIFY(!read(statement, {u"Blüte"_s, 40, qint64(-2)}, rows).isValid());
        QCOMPARE(rows, (Rows{{40, 5, 42}}));
    }

    void leavesOutValuesThatHaveNoPlace()
    {
        Rows rows;
        const QString statement = u"SELECT CAST(?1 AS BIGINT)"_s;
        QVERIFY(!read(statement, {1, 2, u"three"_s}, rows).isValid());
        QCOMPARE(rows, (Rows{{1}}));
    }

    void takesNullForZero()
    {
        Rows rows;
        QVERIFY(!read(u"SELECT CAST(NULL AS BIGINT), 7"_s, {}, rows).isValid());
        QCOMPARE(rows, (Rows{{0, 7}}));
    }

    void takesWhatIsLargerThanAnIntegerForTheLargest()
    {
        Rows rows;
        const QString statement = StorePlace::either(
            "SELECT 9300000000000000000.0", "SELECT CAST('9300000000000000000' AS NUMERIC)");
        QVERIFY(!read(statement, {}, rows).isValid());
        QCOMPARE(rows, (Rows{{std::numeric_limits<qint64>::max()}}));
    }

    void tellsOfAnErrorAndGoesOn()
    {
        Rows rows;
        const QSqlError error = read(u"SELECT nothing_of_this_name"_s, {}, rows);
        QVERIFY(error.isValid());
        QVERIFY2(error.text().contains(u"nothing_of_this_name"_s), qPrintable(error.text()));
        QVERIFY(!read(u"SELECT 1"_s, {}, rows).isValid());
        QCOMPARE(rows, (Rows{{1}}));
    }

    void tellsOfAnErrorInTheMiddle()
    {
        Rows rows;
        const QString statement = StorePlace::either(
            "SELECT abs(x) FROM (SELECT 1 AS x UNION ALL SELECT -9223372036854775808)",
            "SELECT 1 / x FROM (VALUES (1), (0)) AS v (x)");
        QVERIFY(read(statement, {}, rows).isValid());
    }
};

QTEST_GUILESS_MAIN(NumberRowsTest)
#include "tst_number_rows.moc"
