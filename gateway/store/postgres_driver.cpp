#include "gateway/store/postgres_driver.h"

#include "gateway/store/number_rows.h"

#include <libpq-fe.h>
#include <QMap>
#include <QRegularExpression>
#include <QSqlDriver>
#include <QSqlQuery>
#include <QStringList>
#include <QtEndian>
#include <QVariant>

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

namespace delta::store {

using namespace Qt::StringLiterals;

namespace {

/// What is asked of libpq where the address says nothing of it: a server that is gone is noticed within seconds,
/// and of several the one that can be written is taken.
constexpr std::array<std::pair<QLatin1StringView, QLatin1StringView>, 8> usualOptions{{
    {"application_name"_L1, "deltallm-gateway"_L1},
    {"connect_timeout"_L1, "5"_L1},
    {"target_session_attrs"_L1, "read-write"_L1},
    {"keepalives_idle"_L1, "15"_L1},
    {"keepalives_interval"_L1, "5"_L1},
    {"keepalives_count"_L1, "3"_L1},
    {"tcp_user_timeout"_L1, "20000"_L1},
    {"client_encoding"_L1, "UTF8"_L1},
}};

/// A lock that is waited for longer is somebody's who hangs. A gateway that hangs within a transaction lets
/// others go on. Sums of many rows come as texts.
constexpr QLatin1StringView connectionSettings[] = {
    "SET lock_timeout = '10s'"_L1,
    "SET idle_in_transaction_session_timeout = '15s'"_L1,
    "SET timezone = 'UTC'"_L1,
    "SET client_min_messages = 'warning'"_L1,
    // To compile a report, or to start processes that share it, takes longer than the report.
    "SET jit = off"_L1,
    "SET max_parallel_workers_per_gather = 0"_L1,
    // The groups of a report, of which there may be a hundred thousand, are added up in memory.
    "SET work_mem = '16MB'"_L1,
    // Pages of a report that lie anywhere on the disk are asked for ahead of their turn. A server whose system cannot says
    // so, and goes on without.
    "DO $$ BEGIN PERFORM set_config('effective_io_concurrency', '64', false); "
    "EXCEPTION WHEN OTHERS THEN NULL; END $$"_L1,
};

/// The class of an error, its first two characters, after which nothing good comes of a connection: connection
/// failure, invalid state, resources, intervention of an operator, system error. And one whole code: the server
/// takes no writes, for it is a standby now.
/// Source: PostgreSQL 17, Appendix A, read 2026-11.
constexpr std::array lostClasses{"08"_L1, "53"_L1, "57P"_L1, "58"_L1, "25006"_L1, "26"_L1};

/// Writes a value as libpq reads it between quotes.
QString quotedValue(QString value)
{
    value.replace(u'\\', u"\\\\"_s).replace(u'\'', u"\\'"_s);
    return u'\'' + value + u'\'';
}

/// Qt splits options at semicolons, which a password may hold, and takes only one port as a port.
Result<void> prepare(QSqlDatabase &connection, const DatabaseAddress &address)
{
    TRY(auto options, postgresOptions(address.place));
    connection.setHostName(options.take(u"host"_s));
    connection.setDatabaseName(options.take(u"dbname"_s));
    connection.setUserName(options.take(u"user"_s));
    connection.setPassword(options.take(u"password"_s));
    QStringList rest;
    for (const auto &[name, value] : options.asKeyValueRange()) {
        rest.append(name + u'=' + quotedValue(value));
    }
    connection.setConnectOptions(rest.join(u';'));
    return {};
}

Result<void> begin(QSqlDatabase &connection)
{
    connection.driver()->setNumericalPrecisionPolicy(QSql::HighPrecision);
    QSqlQuery query(connection);
    for (const QLatin1StringView setting : connectionSettings) {
        if (!query.exec(setting)) {
            return failure(databaseUnavailable(query.lastError().text()));
        }
    }
    return {};
}

/// Names the column of "Key (column)=(value) already exists.", whatever the server's language is.
QString takenColumn(const QSqlError &error)
{
    if (error.nativeErrorCode() != "23505"_L1) {
        return {};
    }
    static const QRegularExpression column(u"\\((\\w+)\\)=\\("_s);
    return column.match(error.databaseText()).captured(1);
}

bool isLost(const QSqlDatabase &connection, const QSqlError &error)
{
    const QString code = error.nativeErrorCode();
    return ::PQstatus(postgresHandle(connection)) != CONNECTION_OK
        || std::ranges::any_of(lostClasses,
                               [&code](QLatin1StringView lost) { return code.startsWith(lost); });
}

using PgResult = std::unique_ptr<PGresult, decltype(&::PQclear)>;

/// Waits for all that a statement still has to say.
QSqlError finish(pg_conn *connection)
{
    QSqlError error;
    while (const PgResult result{::PQgetResult(connection), ::PQclear}) {
        if (::PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
            error = postgresError(connection, result.get());
        }
    }
    return error;
}

/// A row of a result in libpq's binary format.
/// Source: PostgreSQL 17, "Binary data representations" in src/backend/utils/adt, read 2026-11.
class PostgresRow final : public PlainRow
{
public:
    PostgresRow(const PGresult *result, int row)
        : m_result(result)
        , m_row(row)
    {
    }
    [[nodiscard]] QByteArrayView bytes(int column) const override
    {
        return {::PQgetvalue(m_result, m_row, column), ::PQgetlength(m_result, m_row, column)};
    }
    [[nodiscard]] std::optional<qint64> number(int column) const override
    {
        return ::PQgetisnull(m_result, m_row, column) == 1
            ? std::nullopt
            : std::optional(qFromBigEndian<qint64>(::PQgetvalue(m_result, m_row, column)));
    }

private:
    const PGresult *m_result;
    int m_row;
};

QSqlError scan(const QSqlDatabase &connection, const QString &statement, const PlainRowReader &read)
{
    constexpr int rowsAtATime = 256;
    constexpr int binary = 1;
    pg_conn *const handle = postgresHandle(connection);
    // Qt leaves the end of its last statement unread.
    while (const PgResult rest{::PQgetResult(handle), ::PQclear}) { }
    if (::PQsendQueryParams(handle, statement.toUtf8().constData(), 0, nullptr, nullptr, nullptr,
                            nullptr, binary)
            != 1
        || ::PQsetChunkedRowsMode(handle, rowsAtATime) != 1) {
        return postgresError(handle, nullptr);
    }
    QSqlError error;
    while (const PgResult result{::PQgetResult(handle), ::PQclear}) {
        const ExecStatusType status = ::PQresultStatus(result.get());
        if (status != PGRES_TUPLES_CHUNK && status != PGRES_TUPLES_OK) {
            error = postgresError(handle, result.get());
        }
        for (int row = 0; row < ::PQntuples(result.get()); ++row) {
            read(PostgresRow(result.get(), row));
        }
    }
    return error;
}

} // namespace

QSqlError postgresError(pg_conn *connection, const pg_result *result)
{
    const char *const code = ::PQresultErrorField(result, PG_DIAG_SQLSTATE);
    return {QString(), QString::fromUtf8(::PQerrorMessage(connection)).trimmed(),
            QSqlError::StatementError, QString::fromLatin1(code ? code : "08000")};
}

const Driver &postgresDriver()
{
    static constexpr Driver driver{
        .name = "QPSQL"_L1,
        .prepare = prepare,
        .begin = begin,
        .takenColumn = takenColumn,
        .isLost = isLost,
        .scan = scan,
        .readNumbers = readPostgresNumbers,
        .beginWriting = "BEGIN"_L1,
        .beginReading = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"_L1};
    return driver;
}

Result<QMap<QString, QString>> postgresOptions(const QString &address)
{
    char *trouble = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&::PQconninfoFree)> options(
        ::PQconninfoParse(address.toUtf8().constData(), &trouble), ::PQconninfoFree);
    if (!options) {
        const QString text = QString::fromUtf8(trouble ? trouble : "").trimmed();
        ::PQfreemem(trouble);
        return failure(ApiError::storeUnavailable(
            u"'database_url' is not an address of PostgreSQL: %1."_s.arg(text)));
    }
    QMap<QString, QString> values;
    for (const auto &[name, value] : usualOptions) {
        values.insert(name, value);
    }
    for (const PQconninfoOption *option = options.get(); option->keyword; ++option) {
        if (option->val) {
            values.insert(QString::fromUtf8(option->keyword), QString::fromUtf8(option->val));
        }
    }
    return values;
}

pg_conn *postgresHandle(const QSqlDatabase &connection)
{
    const QVariant handle = connection.driver()->handle();
    return *static_cast<pg_conn *const *>(handle.constData());
}

QSqlError copyLines(pg_conn *connection, const QString &statement, QByteArrayView lines)
{
    {
        const PgResult begun(::PQexec(connection, statement.toUtf8().constData()), ::PQclear);
        if (::PQresultStatus(begun.get()) != PGRES_COPY_IN) {
            return postgresError(connection, begun.get());
        }
    }
    constexpr qsizetype pieceBytes = 1 << 20;
    for (; !lines.isEmpty(); lines = lines.sliced(std::min(pieceBytes, lines.size()))) {
        const int size = static_cast<int>(std::min(pieceBytes, lines.size()));
        if (::PQputCopyData(connection, lines.data(), size) != 1) {
            return postgresError(connection, nullptr);
        }
    }
    if (::PQputCopyEnd(connection, nullptr) != 1) {
        return postgresError(connection, nullptr);
    }
    return finish(connection);
}

} // namespace delta::store
