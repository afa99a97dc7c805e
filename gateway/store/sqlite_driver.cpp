#include "gateway/store/sqlite_driver.h"

#include <fcntl.h>
#include <QFile>
#include <QSqlDriver>
#include <QSqlQuery>
#include <QVariant>
#include <sqlite3.h>
#include <unistd.h>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// A rolled-back commit costs a second attempt; a lost one costs money. So every commit is synced.
constexpr QLatin1StringView connectionSettings[] = {
    "PRAGMA journal_mode = WAL"_L1,
    "PRAGMA synchronous = FULL"_L1,
    "PRAGMA cache_size = -16000"_L1,
    "PRAGMA temp_store = MEMORY"_L1,
};

/// Makes a new file private before SQLite does it with the umask's mode; its WAL inherits the mode.
/// An existing file is not even opened: closing any descriptor of it would drop SQLite's locks.
void createPrivately(const QString &path)
{
    const int fd = ::open(QFile::encodeName(path).constData(),
                          O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd >= 0) {
        ::close(fd);
    }
}

Result<void> prepare(QSqlDatabase &connection, const DatabaseAddress &address)
{
    createPrivately(address.place);
    connection.setDatabaseName(address.place);
    // Another process may hold the write lock for one batch of the ledger.
    connection.setConnectOptions(u"QSQLITE_BUSY_TIMEOUT=5000"_s);
    return {};
}

Result<void> begin(QSqlDatabase &connection)
{
    QSqlQuery query(connection);
    for (const QLatin1StringView setting : connectionSettings) {
        if (!query.exec(setting)) {
            return failure(databaseUnavailable(query.lastError().text()));
        }
    }
    // Two copies of SQLite in one process would take each other's locks for their own.
    if (!query.exec(u"SELECT sqlite_source_id()"_s) || !query.next()
        || query.value(0).toString() != QLatin1StringView(::sqlite3_sourceid())) {
        return failure(databaseUnavailable(u"Qt's driver has a SQLite of its own"_s));
    }
    return {};
}

/// Names the column that a unique constraint protects: "UNIQUE constraint failed: table.column".
QString takenColumn(const QSqlError &error)
{
    const QString text = error.databaseText();
    return text.startsWith("UNIQUE constraint failed"_L1) ? text.section(u'.', -1) : QString();
}

bool isLost(const QSqlDatabase & /*connection*/, const QSqlError & /*error*/)
{
    return false;
}

} // namespace

const Driver &sqliteDriver()
{
    static constexpr Driver driver{.name = "QSQLITE"_L1,
                                   .prepare = prepare,
                                   .begin = begin,
                                   .takenColumn = takenColumn,
                                   .isLost = isLost,
                                   // Takes the write lock at once.
                                   .beginWriting = "BEGIN IMMEDIATE"_L1,
                                   .beginReading = "BEGIN DEFERRED"_L1};
    return driver;
}

sqlite3 *sqliteHandle(const QSqlDatabase &connection)
{
    const QVariant handle = connection.driver()->handle();
    return *static_cast<sqlite3 *const *>(handle.constData());
}

ApiError lastSqliteError(const QSqlDatabase &connection)
{
    return databaseUnavailable(QString::fromUtf8(::sqlite3_errmsg(sqliteHandle(connection))));
}

} // namespace delta::store
