#include "gateway/store/sqlite_driver.h"

#include "gateway/store/number_rows.h"

#include <fcntl.h>
#include <QFile>
#include <QSqlDriver>
#include <QSqlQuery>
#include <QVariant>
#include <sqlite3.h>
#include <unistd.h>

#include <memory>
#include <optional>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

constexpr auto usualCache = "PRAGMA cache_size = -16000"_L1;

/// A rolled-back commit costs a second attempt; a lost one costs money. So every commit is synced.
constexpr QLatin1StringView connectionSettings[] = {
    "PRAGMA journal_mode = WAL"_L1,
    "PRAGMA synchronous = FULL"_L1,
    usualCache,
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

class SqliteRow final : public PlainRow
{
public:
    explicit SqliteRow(sqlite3_stmt *statement)
        : m_statement(statement)
    {
    }
    [[nodiscard]] QByteArrayView bytes(int column) const override
    {
        // Of a text these are its bytes as the file has them, which is UTF-8.
        const auto *first = static_cast<const char *>(::sqlite3_column_blob(m_statement, column));
        return {first, ::sqlite3_column_bytes(m_statement, column)};
    }
    [[nodiscard]] std::optional<qint64> number(int column) const override
    {
        return ::sqlite3_column_type(m_statement, column) == SQLITE_NULL
            ? std::nullopt
            : std::optional<qint64>(::sqlite3_column_int64(m_statement, column));
    }

private:
    sqlite3_stmt *m_statement;
};

/// Keeps a connection from caching the pages of a whole table, while it lives: none of them is wanted again soon, and
/// they would lie in memory between what is made of the rows, so that it could not be given back.
class SmallCache
{
public:
    explicit SmallCache(sqlite3 *database)
        : m_database(database)
    {
        set("PRAGMA cache_size = -256"_L1);
    }
    Q_DISABLE_COPY_MOVE(SmallCache)
    ~SmallCache()
    {
        set(usualCache);
    }

private:
    void set(QLatin1StringView pragma)
    {
        ::sqlite3_exec(m_database, pragma.data(), nullptr, nullptr, nullptr);
    }

    sqlite3 *m_database;
};

QSqlError scan(const QSqlDatabase &connection, const QString &statement, const PlainRowReader &read)
{
    sqlite3 *const database = sqliteHandle(connection);
    const SmallCache cache(database);
    const QByteArray text = statement.toUtf8();
    sqlite3_stmt *made = nullptr;
    int outcome = ::sqlite3_prepare_v2(database, text.constData(), static_cast<int>(text.size()),
                                       &made, nullptr);
    const std::unique_ptr<sqlite3_stmt, decltype(&::sqlite3_finalize)> prepared(
        made, &::sqlite3_finalize);
    if (outcome == SQLITE_OK) {
        const SqliteRow row(made);
        while ((outcome = ::sqlite3_step(made)) == SQLITE_ROW) {
            read(row);
        }
    }
    const QString trouble = QString::fromUtf8(::sqlite3_errmsg(database));
    ::sqlite3_reset(made);
    return outcome == SQLITE_DONE
        ? QSqlError()
        : QSqlError({}, trouble, QSqlError::StatementError, QString::number(outcome));
}

} // namespace

const Driver &sqliteDriver()
{
    static constexpr Driver driver{.name = "QSQLITE"_L1,
                                   .prepare = prepare,
                                   .begin = begin,
                                   .takenColumn = takenColumn,
                                   .isLost = isLost,
                                   .scan = scan,
                                   .readNumbers = readSqliteNumbers,
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
