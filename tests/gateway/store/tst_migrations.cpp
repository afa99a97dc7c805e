// labels: db
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/store.h"
#include "gateway/store/verification.h"

#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <atomic>
#include <memory>
#include <thread>
#include <tuple>
#include <vector>

using namespace delta;
using namespace delta::store;

class MigrationsTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    SystemClock m_clock;

    QString path() const
    {
        return m_folder->filePath(QStringLiteral("deltallm.db"));
    }
    std::unique_ptr<Database> openDatabase() const
    {
        return Database::open(path()).value();
    }
    /// Makes a database as the first release left it, with a name in it.
    static void makeFirstVersion(Database &database)
    {
        for (const QString &statement : migrationStatements(migrationNames().first())) {
            QVERIFY(database.execute(statement).has_value());
        }
        QVERIFY(database.run(QLatin1StringView("schema/insert_version"), {1, 0}).has_value());
        QVERIFY(
            database.run(QLatin1StringView("names/insert"), {QStringLiteral("kept")}).has_value());
    }
    static int countOfKeptNames(Database &database)
    {
        int found = 0;
        std::ignore = database.each(QLatin1StringView("names/select_id"), {QStringLiteral("kept")},
                                    [&found](const QSqlQuery &) { ++found; });
        return found;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
    }

    void bringsAnEmptyDatabaseToTheNewestVersion()
    {
        const auto database = openDatabase();
        QCOMPARE(schemaVersion(*database).value(), 0);
        QVERIFY(migrate(*database, m_clock).has_value());
        QCOMPARE(schemaVersion(*database).value(), static_cast<int>(migrationNames().size()));
    }

    void changesNothingTheSecondTime()
    {
        const auto database = openDatabase();
        QVERIFY(migrate(*database, m_clock).has_value());
        QVERIFY(
            database->run(QLatin1StringView("names/insert"), {QStringLiteral("kept")}).has_value());
        QVERIFY(migrate(*database, m_clock).has_value());
        int found = 0;
        QVERIFY(database
                    ->each(QLatin1StringView("names/select_id"), {QStringLiteral("kept")},
                           [&found](const QSqlQuery &) { ++found; })
                    .has_value());
        QCOMPARE(found, 1);
    }

    void leavesNothingOfAMigrationThatFails()
    {
        const auto database = openDatabase();
        // A table that is in the way of a later statement of the first migration.
        QVERIFY(database->execute(QStringLiteral("CREATE TABLE journal_state (x)")).has_value());
        QVERIFY(!migrate(*database, m_clock));
        QCOMPARE(schemaVersion(*database).value(), 0);
        QVERIFY(database->execute(QStringLiteral("DROP TABLE journal_state")).has_value());
        QVERIFY(migrate(*database, m_clock).has_value());
    }

    void bringsADatabaseOfTheFirstReleaseToTheNewestVersion()
    {
        const auto database = openDatabase();
        makeFirstVersion(*database);
        QCOMPARE(schemaVersion(*database).value(), 1);
        QVERIFY(migrate(*database, m_clock).has_value());
        QCOMPARE(schemaVersion(*database).value(), static_cast<int>(migrationNames().size()));
        QCOMPARE(countOfKeptNames(*database), 1);
    }

    void leavesAnOlderDatabaseAsItIsIfAMigrationFails()
    {
        const auto database = openDatabase();
        makeFirstVersion(*database);
        // A table that is in the way of a later statement of the second migration.
        QVERIFY(database->execute(QStringLiteral("CREATE TABLE budget_version (x)")).has_value());
        QVERIFY(!migrate(*database, m_clock));
        QCOMPARE(schemaVersion(*database).value(), 1);
        QCOMPARE(countOfKeptNames(*database), 1);
        QVERIFY(database->execute(QStringLiteral("DROP TABLE budget_version")).has_value());
        QVERIFY(migrate(*database, m_clock).has_value());
    }

    void countsWhatFailedBeforeItWasCounted()
    {
        const auto database = openDatabase();
        const QStringList names = migrationNames();
        const auto version = names.indexOf(names.filter(QStringLiteral("_daily_sums")).value(0));
        QVERIFY(version > 0);
        for (qsizetype i = 0; i < version; ++i) {
            for (const QString &statement : migrationStatements(names[i])) {
                QVERIFY(database->execute(statement).has_value());
            }
            QVERIFY(database->run(QLatin1StringView("schema/insert_version"), {i + 1, 0}));
        }
        // One key, three calls of one day; one was refused, one broke off.
        for (const char *statement :
             {"INSERT INTO names (id, name) VALUES (1, 'k'), (2, 't')",
              "INSERT INTO spend_events SELECT id, 'r' || id, NULL, 0, 1, 0, 0, 0, 0, 0, 0, NULL, "
              "id * 3600000, 1, NULL, NULL, 1, 1, 0, 0, 0, 0, 0, 0, 1, 10, 1, 0, outcome, status, "
              "NULL, 0, 't' FROM (SELECT 1 AS id, 0 AS outcome, 200 AS status UNION ALL SELECT 2, "
              "1, 429 UNION ALL SELECT 3, 2, 200)",
              "INSERT INTO spend_event_tags SELECT 2, started_at, id FROM spend_events",
              "INSERT INTO spend_hourly SELECT id, 1, 0, 0, 0, 0, 0, 0, 0, outcome, status, 1, 1, "
              "1, "
              "0, 0, 0, 0, 0, 0, 1, 0, 0, 10 FROM spend_events",
              "INSERT INTO spend_rollups SELECT d, s, CASE WHEN d = 8 THEN 2 ELSE d END, id * 3600 "
              "/ s, "
              "COUNT(*), COUNT(*), COUNT(*), 0, 0, 0, 0, 0, 0, COUNT(*), 0, 0, SUM(10) FROM "
              "spend_events "
              "CROSS JOIN (SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 8) "
              "CROSS JOIN (SELECT 3600 AS s UNION ALL SELECT 86400) GROUP BY 1, 2, 3, 4",
              "INSERT INTO spend_rollups SELECT 9, s, status, id * 3600 / s, COUNT(*), COUNT(*), "
              "COUNT(*), 0, 0, 0, 0, 0, 0, COUNT(*), 0, 0, SUM(10) FROM spend_events "
              "CROSS JOIN (SELECT 3600 AS s UNION ALL SELECT 86400) GROUP BY 1, 2, 3, 4",
              "UPDATE journal_state SET applied = 8"}) {
            QVERIFY2(database->execute(QString::fromLatin1(statement)).has_value(), statement);
        }
        QVERIFY(migrate(*database, m_clock).has_value());
        const Verification found = verify(*database).value();
        QVERIFY2(found.isSound(), qPrintable(found.toText()));
        QCOMPARE(found.events.rows, 3);
    }

    void refusesADatabaseOfANewerVersion()
    {
        {
            const auto database = openDatabase();
            QVERIFY(migrate(*database, m_clock).has_value());
            QVERIFY(
                database->run(QLatin1StringView("schema/insert_version"), {999, 0}).has_value());
        }
        Store store(path(), m_clock);
        const auto opened = store.open();
        QVERIFY(!opened);
        QCOMPARE(opened.error().kind, ErrorKind::StoreUnavailable);
        QVERIFY(opened.error().message.contains(QStringLiteral("schema version 999")));
    }

    void takesSeveralProcessesAtOnce()
    {
        std::atomic<int> migrated = 0;
        openDatabase(); // WAL mode is set by the first; the others find it set.
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([this, &migrated] {
                const auto database = openDatabase();
                migrated += migrate(*database, m_clock) ? 1 : 0;
            });
        }
        for (std::thread &thread : threads) {
            thread.join();
        }
        QCOMPARE(migrated.load(), 4);
        QCOMPARE(schemaVersion(*openDatabase()).value(), static_cast<int>(migrationNames().size()));
    }

    void makesAFileThatOnlyItsOwnerReads()
    {
        const auto database = openDatabase();
        QVERIFY(migrate(*database, m_clock).has_value());
        for (const QString &suffix : {QString(), QStringLiteral("-wal"), QStringLiteral("-shm")}) {
            const QFile::Permissions mode = QFileInfo(path() + suffix).permissions();
            QVERIFY(
                !(mode
                  & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther)));
        }
    }
};

QTEST_GUILESS_MAIN(MigrationsTest)
#include "tst_migrations.moc"
