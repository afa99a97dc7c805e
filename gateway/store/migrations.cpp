#include "gateway/store/migrations.h"

#include "gateway/store/database.h"
#include "gateway/store/log.h"
#include "gateway/store/sql_text.h"
#include "gateway/store/transaction.h"

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

Result<int> readNumber(Database &database, QLatin1StringView query)
{
    int number = 0;
    TRY_VOID(database.each(query, {},
                           [&number](const QSqlQuery &row) { number = row.value(0).toInt(); }));
    return number;
}

Result<void> checkVersion(int found, int newest)
{
    if (found <= newest) {
        return {};
    }
    return failure(ApiError::storeUnavailable(
        u"The database has schema version %1, but this program knows versions up to %2. "
        "Install a version of DeltaLLM that is at least as new as the one that wrote it."_s
            .arg(found)
            .arg(newest)));
}

Result<void> applyMigration(Database &database, const QString &name, int version,
                            const Clock &clock)
{
    for (const QString &statement : migrationStatements(name)) {
        TRY_VOID(database.execute(statement));
    }
    const qint64 now = clock.wall().time_since_epoch().count();
    TRY([[maybe_unused]] const int rows, database.run("schema/insert_version"_L1, {version, now}));
    qCInfo(lcStore, "the database was migrated: %s", qPrintable(name));
    return {};
}

} // namespace

Result<int> schemaVersion(Database &database)
{
    TRY(const int hasVersions, readNumber(database, "schema/count_version_table"_L1));
    return hasVersions == 0 ? 0 : readNumber(database, "schema/select_version"_L1);
}

Result<void> checkSchema(Database &database)
{
    TRY(const int found, readNumber(database, "schema/select_version"_L1));
    return checkVersion(found, static_cast<int>(migrationNames(database.dialect()).size()));
}

Result<void> migrate(Database &database, const Clock &clock)
{
    const QStringList names = migrationNames(database.dialect());
    const int newest = static_cast<int>(names.size());
    TRY(const int found, schemaVersion(database));
    TRY_VOID(checkVersion(found, newest));
    if (found == newest) {
        return {};
    }
    TRY(Transaction transaction, Transaction::begin(database));
    if (database.dialect() == Dialect::PostgreSql) {
        // Nobody posts meanwhile: sums that are made from others would lack what is on its way.
        for (const QLatin1StringView lock : {"schema/lock"_L1, "journal/lock_projections"_L1}) {
            TRY_VOID(database.each(lock, {}, [](const QSqlQuery &) { }));
        }
    }
    // Read again under the lock: another process may have migrated meanwhile.
    TRY(const int version, schemaVersion(database));
    for (int next = version; next < newest; ++next) {
        TRY_VOID(applyMigration(database, names[next], next + 1, clock));
    }
    return transaction.commit();
}

} // namespace delta::store
