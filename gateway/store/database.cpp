#include "gateway/store/database.h"

#include "gateway/store/sql_text.h"

#include <fcntl.h>
#include <QFile>
#include <QSqlDriver>
#include <QSqlError>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

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

/// Another process may hold the write lock for one batch of the ledger.
const QString connectOptions = u"QSQLITE_BUSY_TIMEOUT=5000"_s;

ApiError unavailable(const QString &detail)
{
    return ApiError::storeUnavailable(u"The gateway's database does not answer. Try again later."_s,
                                      detail);
}

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

/// Names the column that a unique constraint protects: "UNIQUE constraint failed: table.column".
QString takenColumn(const QSqlError &error)
{
    const QString text = error.databaseText();
    return text.startsWith("UNIQUE constraint failed"_L1) ? text.section(u'.', -1) : QString();
}

ApiError errorOf(const QSqlQuery &query)
{
    const QString column = takenColumn(query.lastError());
    if (!column.isEmpty()) {
        return ApiError::invalidRequest(u"Another one has this '%1' already."_s.arg(column),
                                        column);
    }
    return unavailable(query.lastError().text());
}

/// Turns the numbered places of a statement into plain ones and says which value goes to which:
/// Qt's driver miscounts a number that stands in a statement twice.
QString withPlainPlaces(const QString &statement, std::vector<qsizetype> &order)
{
    QString plain;
    for (qsizetype at = 0; at < statement.size(); ++at) {
        plain += statement[at];
        if (statement[at] != u'?') {
            continue;
        }
        qsizetype number = 0;
        for (; at + 1 < statement.size() && statement[at + 1].isDigit(); ++at) {
            number = number * 10 + statement[at + 1].digitValue();
        }
        order.push_back(number - 1);
    }
    return plain;
}

} // namespace

Database::Database(const QString &path)
    : m_name(u"delta-%1"_s.arg(quintptr(this), 0, 16))
    , m_thread(QThread::currentThreadId())
    , m_database(QSqlDatabase::addDatabase(u"QSQLITE"_s, m_name))
{
    m_database.setDatabaseName(path);
    m_database.setConnectOptions(connectOptions);
}

Database::~Database()
{
    m_queries.clear();
    m_database.close();
    m_database = {};
    QSqlDatabase::removeDatabase(m_name);
}

Result<std::unique_ptr<Database>> Database::open(const QString &path)
{
    createPrivately(path);
    std::unique_ptr<Database> database(new Database(path));
    TRY_VOID(database->connect());
    return database;
}

Result<void> Database::connect()
{
    if (!m_database.open()) {
        return failure(unavailable(m_database.lastError().text()));
    }
    const QVariant handle = m_database.driver()->handle();
    m_handle = *static_cast<sqlite3 *const *>(handle.constData());
    for (const QLatin1StringView setting : connectionSettings) {
        TRY_VOID(execute(setting));
    }
    // Two copies of SQLite in one process would take each other's locks for their own.
    QSqlQuery query(m_database);
    if (!query.exec(u"SELECT sqlite_source_id()"_s) || !query.next()
        || query.value(0).toString() != QLatin1StringView(::sqlite3_sourceid())) {
        return failure(unavailable(u"Qt's driver has a SQLite of its own"_s));
    }
    return {};
}

Result<Database::Prepared *> Database::prepared(QLatin1StringView name)
{
    const std::string_view key(name.data(), static_cast<std::size_t>(name.size()));
    if (const auto known = m_queries.find(key); known != m_queries.end()) {
        return &known->second;
    }
    Prepared statement{QSqlQuery(m_database), {}};
    statement.query.setForwardOnly(true);
    if (!statement.query.prepare(withPlainPlaces(queryText(name), statement.order))) {
        return failure(unavailable(u"%1: %2"_s.arg(name, statement.query.lastError().text())));
    }
    return &m_queries.emplace(key, std::move(statement)).first->second;
}

Result<QSqlQuery *> Database::start(QLatin1StringView name, const QVariantList &values)
{
    TRY(Prepared *const statement, prepared(name));
    QSqlQuery *const query = &statement->query;
    for (std::size_t place = 0; place < statement->order.size(); ++place) {
        query->bindValue(static_cast<int>(place), values.value(statement->order[place]));
    }
    if (!query->exec()) {
        ApiError error = errorOf(*query);
        error.detail.prepend(name + ": "_L1);
        query->finish();
        return failure(error);
    }
    return query;
}

Result<int> Database::run(QLatin1StringView name, const QVariantList &values)
{
    TRY(QSqlQuery *const query, start(name, values));
    const int changed = query->numRowsAffected();
    query->finish();
    return changed;
}

Result<void> Database::each(QLatin1StringView name, const QVariantList &values,
                            const RowReader &read)
{
    TRY(QSqlQuery *const query, start(name, values));
    while (query->next()) {
        read(*query);
    }
    const bool isComplete = !query->lastError().isValid();
    const ApiError error = isComplete ? ApiError() : errorOf(*query);
    // Without this the statement would keep its view of the database, and the WAL would grow.
    query->finish();
    return isComplete ? Result<void>() : failure(error);
}

Result<void> Database::execute(const QString &statement)
{
    QSqlQuery query(m_database);
    if (!query.exec(statement)) {
        return failure(errorOf(query));
    }
    return {};
}

ApiError Database::lastError() const
{
    return unavailable(QString::fromUtf8(::sqlite3_errmsg(m_handle)));
}

} // namespace delta::store
