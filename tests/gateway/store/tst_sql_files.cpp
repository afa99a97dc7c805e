// labels: db
#include "gateway/store/database.h"
#include "gateway/store/migrations.h"
#include "gateway/store/sql_text.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QRegularExpression>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

using namespace delta;
using namespace delta::store;

namespace {

const QString queriesFolder = QStringLiteral(DELTA_SOURCE_DIR "/sql/queries/");

QStringList queryNames()
{
    QStringList names;
    QDirIterator files(queriesFolder, {QStringLiteral("*.sql")}, QDir::Files,
                       QDirIterator::Subdirectories);
    while (files.hasNext()) {
        names.append(files.next().sliced(queriesFolder.size()).chopped(4));
    }
    names.sort();
    return names;
}

/// Returns those that SQLite has.
QStringList sqliteNames()
{
    QStringList names = queryNames();
    names.removeIf([](const QString &name) { return name.endsWith(QStringLiteral(".pgsql")); });
    return names;
}

QString contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

} // namespace

class SqlFilesTest : public QObject
{
    Q_OBJECT

    QTemporaryDir m_folder;
    SystemClock m_clock;
    std::unique_ptr<Database> m_migrated;
    QSqlDatabase m_plain; ///< A connection of the test's own, to look behind the store.

private Q_SLOTS:
    void initTestCase()
    {
        const QString path = m_folder.filePath(QStringLiteral("test.db"));
        m_migrated = Database::open(path).value();
        QVERIFY(migrate(*m_migrated, m_clock).has_value());
        m_plain = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("plain"));
        m_plain.setDatabaseName(path);
        QVERIFY(m_plain.open());
        QVERIFY(queryNames().size() > 20);
    }
    void cleanupTestCase()
    {
        m_plain.close();
        m_plain = {};
        QSqlDatabase::removeDatabase(QStringLiteral("plain"));
    }

    void preparesEveryStatement_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : sqliteNames()) {
            QTest::newRow(qPrintable(name)) << name;
        }
    }
    void preparesEveryStatement()
    {
        QFETCH(const QString, name);
        const QByteArray latin = name.toLatin1();
        const QString text = queryText(QLatin1StringView(latin));
        QVERIFY2(!text.isEmpty(), "not compiled into the program");
        QSqlQuery query(m_plain);
        QVERIFY2(query.prepare(text), qPrintable(query.lastError().text()));
    }

    void describesEveryStatement_data()
    {
        QTest::addColumn<QString>("name");
        for (const QString &name : queryNames()) {
            QTest::newRow(qPrintable(name)) << name;
        }
    }
    void describesEveryStatement()
    {
        QFETCH(const QString, name);
        const QString text = contentOf(queriesFolder + name + QStringLiteral(".sql"));
        QVERIFY(text.startsWith(QStringLiteral("-- ")));
        QVERIFY(text.contains(QStringLiteral("\n-- Parameters: ")));
        QVERIFY(text.endsWith(u'\n') && !text.endsWith(QStringLiteral("\n\n")));
        const QString statement = queryText(QLatin1StringView(name.toLatin1()));
        QVERIFY2(!statement.contains(u';') && !statement.contains(QStringLiteral("--")),
                 "one statement, comments above it");
        QVERIFY2(!statement.contains(QStringLiteral("SELECT *")), "name the columns");
        if (statement.startsWith(QStringLiteral("SELECT"))) {
            QVERIFY(text.contains(QStringLiteral("\n-- Columns: ")));
            QVERIFY(text.contains(QStringLiteral("\n-- Index: ")));
        }
        QVERIFY(text.count(u'\n') <= 95);
    }

    // A report must not read the whole event table, nor sort what it found.
    void answersReportsFromAnIndex_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("index");
        const auto add = [](const char *name, const char *index) {
            QTest::newRow(name) << QString::fromLatin1(name) << QString::fromLatin1(index);
        };
        add("events/select_newest", "spend_events_by_time");
        add("events/select_by_key", "spend_events_by_key");
        add("events/select_by_user", "spend_events_by_user");
        add("events/select_by_team", "spend_events_by_team");
        add("events/select_by_model", "spend_events_by_model");
        add("events/select_by_organization", "spend_events_by_organization");
        add("events/select_by_tag", "PRIMARY KEY");
        add("events/sum", "spend_events_by_time");
        add("events/sum_by_tag", "PRIMARY KEY");
        add("rollups/sum", "PRIMARY KEY (dimension=? AND seconds=? AND ref=?");
        add("rollups/select_groups", "PRIMARY KEY (dimension=? AND seconds=? AND ref=? AND slot>?");
        add("rollups/select_steps", "PRIMARY KEY (dimension=? AND seconds=? AND ref=? AND slot>?");
        add("rollups/select_sums", "PRIMARY KEY (dimension=? AND seconds=? AND ref=? AND slot>?");
        add("rollups/select_leaders",
            "COVERING INDEX spend_rollups_by_spend (dimension=? AND slot=?)");
        add("rollups/select_names", "SEARCH names USING INTEGER PRIMARY KEY");
        add("daily/sum", "PRIMARY KEY (model_ref=? AND day>? AND day<?)");
        add("daily/sum_by_key", "spend_daily_by_key");
        add("daily/sum_by_user", "spend_daily_by_user");
        add("daily/sum_by_team", "spend_daily_by_team");
        add("daily/sum_by_model", "PRIMARY KEY (model_ref=? AND day>? AND day<?)");
        add("daily/sum_by_organization", "spend_daily_by_organization");
        add("keys/select_alias", "sqlite_autoindex_virtual_keys_");
        add("events/sum_by_key", "spend_events_by_key");
        add("hourly/sum", "PRIMARY KEY");
        add("hourly/sum_by_key", "spend_hourly_by_key");
        add("hourly/sum_by_user", "spend_hourly_by_user");
        add("hourly/sum_by_team", "spend_hourly_by_team");
        add("keys/select_by_id_or_alias", "sqlite_autoindex_virtual_keys_");
        add("names/select_id", "sqlite_autoindex_names_1");
        add("keys/select_by_mac", "sqlite_autoindex_virtual_keys_2");
        add("keys/select_changes", "sqlite_autoindex_virtual_keys_1");
        add("alerts/select_due", "alert_outbox_by_due");
        add("alerts/give_up_old", "alert_outbox_by_");
        add("alerts/delete_ended", "alert_outbox_by_end");
        add("alerts/delete_old_marks", "alert_marks_by_expiry");
        add("alerts/claim", "PRIMARY KEY");
        add("budgets/select_events", "spend_events_by_time");
        add("budgets/select_events_by_key", "spend_events_by_key");
        add("budgets/select_events_by_user", "spend_events_by_user");
        add("budgets/select_events_by_team", "spend_events_by_team");
        add("budgets/select_events_by_model", "spend_events_by_model");
        add("budgets/select_events_by_end_user", "spend_events_by_end_user");
        add("budgets/select_events_by_organization", "spend_events_by_organization");
        add("budgets/select_events_by_tag", "PRIMARY KEY");
        add("budgets/select_hours", "PRIMARY KEY (dimension=? AND seconds=? AND ref=?");
        add("budgets/select_resets", "budget_resets_by_budget");
        add("budgets/select_member_hours", "spend_hourly_by_user");
        add("rate_limits/select", "PRIMARY KEY");
        add("rate_limits/select_of_scope", "PRIMARY KEY");
        add("logins/select", "sqlite_autoindex_logins_1");
        add("recovery_codes/count_unused", "sqlite_autoindex_recovery_codes_1");
        add("sessions/select_by_mac", "sqlite_autoindex_sessions_2");
        add("sessions/select_of_user", "sessions_by_user");
        add("sessions/select_place", "sessions_by_user (user_id=? AND ip=?)");
        add("sessions/end_of_user", "sessions_by_user");
        add("sessions/delete_old", "sessions_by_last_seen");
        add("login_tokens/select", "sqlite_autoindex_login_tokens_1");
        add("login_tokens/delete_unused", "login_tokens_by_user");
        add("login_tokens/delete_old", "login_tokens_by_expiry");
        add("identities/select", "sqlite_autoindex_identities_1");
        add("identities/select_of_user", "identities_by_user");
    }
    void answersReportsFromAnIndex()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, index);
        // Qt's driver counts a number that stands twice as one place, and SQLite as two.
        static const QRegularExpression place(QStringLiteral("[?][0-9]+"));
        QString text = queryText(QLatin1StringView(name.toLatin1()));
        const qsizetype places = text.count(place);
        text.replace(place, QStringLiteral("?"));
        QSqlQuery query(m_plain);
        QVERIFY(query.prepare(QStringLiteral("EXPLAIN QUERY PLAN ") + text));
        for (qsizetype bound = 0; bound < places; ++bound) {
            query.addBindValue(QVariant());
        }
        QVERIFY2(query.exec(), qPrintable(query.lastError().text()));
        QStringList plan;
        while (query.next()) {
            plan.append(query.value(3).toString());
        }
        text = plan.join(u'\n');
        QVERIFY2(text.contains(index), qPrintable(text));
        // Only what was read by way of an index may be gone through, and what is small: mixes tell which models there are.
        static const QRegularExpression scan(
            QStringLiteral("SCAN (?!(refs|sums|page|s|wanted|spend_mixes|3 CONSTANT ROWS)\\b)"));
        QVERIFY2(!text.contains(scan), qPrintable(text));
        if (name.startsWith(QStringLiteral("events/"))
            || name.startsWith(QStringLiteral("budgets/"))) {
            QVERIFY2(!text.contains(QStringLiteral("TEMP B-TREE")), qPrintable(text));
        }
    }

    void numbersMigrationsWithoutGaps()
    {
        const QStringList names = migrationNames();
        const QStringList others = migrationNames(Dialect::PostgreSql);
        QCOMPARE(names.size(), others.size());
        for (qsizetype i = 0; i < names.size(); ++i) {
            QVERIFY(names[i].startsWith(QStringLiteral("%1_").arg(i + 1, 4, 10, QLatin1Char('0'))));
            QCOMPARE(others[i], names[i].chopped(4) + QStringLiteral(".pgsql.sql"));
            for (const QString &name : {names[i], others[i]}) {
                QVERIFY(contentOf(QStringLiteral(":/sql/migrations/") + name)
                            .contains(QStringLiteral("\n-- Reason: ")));
            }
        }
    }
};

QTEST_GUILESS_MAIN(SqlFilesTest)
#include "tst_sql_files.moc"
