#pragma once

#include "gateway/store/database_address.h"
#include "gateway/store/number_rows.h"
#include "gateway/store/plain_row.h"
#include "shared/core/result.h"

#include <QByteArrayView>
#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>
#include <QString>
#include <QThread>
#include <QVariantList>

#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace delta::store {

struct Driver;

/// One connection to a database.
/// Confined to the thread that opened it; only its destruction may happen elsewhere.
/// Errors of all functions: StoreUnavailable with the database's words as detail, unless they say more.
class Database
{
public:
    using RowReader = std::function<void(const QSqlQuery &row)>;

    /// Connects; a file is made if need be.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const DatabaseAddress &address);
    ~Database();
    Database(const Database &) = delete;
    Database &operator=(const Database &) = delete;

    /// Says whether the calling thread is the one that opened the connection.
    [[nodiscard]] bool isOfThisThread() const
    {
        return m_thread == QThread::currentThreadId();
    }
    /// Runs a statement of sql/queries and returns how many rows it changed.
    /// Errors: also InvalidRequest naming the column whose unique value is taken.
    [[nodiscard]] Result<int> run(QLatin1StringView name, const QVariantList &values = {});
    /// Runs a statement of sql/queries and hands each row to `read`.
    [[nodiscard]] Result<void> each(QLatin1StringView name, const QVariantList &values,
                                    const RowReader &read);
    /// Runs a statement that was composed of one of sql/queries and has plain places, see list_statement.h, and
    /// hands each row to `read`.
    [[nodiscard]] Result<void> eachComposed(const QString &statement, const QVariantList &values,
                                            const RowReader &read);
    /// The same for a statement whose columns are integers; faster.
    [[nodiscard]] Result<void> eachComposedNumbers(const QString &statement,
                                                   const QVariantList &values,
                                                   const NumberReader &read);
    /// Runs a statement of sql/queries that takes no values and hands each row to `read`. For what reads very many
    /// rows: through Qt's driver each would cost several times as much. What the database keeps in memory of the
    /// rows is given back.
    [[nodiscard]] Result<void> scan(QLatin1StringView name, const PlainRowReader &read);
    /// Runs a statement of sql/queries whose columns are integers and hands each row to `read`; faster than each().
    [[nodiscard]] Result<void> eachNumbers(QLatin1StringView name, const QVariantList &values,
                                           const NumberReader &read);
    /// Has the database check a statement of sql/queries, without running it.
    [[nodiscard]] Result<void> prepare(QLatin1StringView name)
    {
        return prepared(name).transform([](Prepared *) { });
    }
    /// Runs a statement that is not in sql/queries: a migration's, or the frame of a transaction.
    [[nodiscard]] Result<void> execute(const QString &statement);

    [[nodiscard]] Dialect dialect() const
    {
        return m_dialect;
    }
    [[nodiscard]] const Driver &driver() const
    {
        return m_driver;
    }
    /// Runs a statement of sql/queries that begins with COPY on PostgreSQL, and sends it the lines that it takes.
    [[nodiscard]] Result<void> copy(QLatin1StringView name, QByteArrayView lines);
    /// Says whether an error has shown that this connection is of no more use.
    [[nodiscard]] bool isLost() const;
    /// Returns Qt's side of the connection, for what needs the database's own interface.
    [[nodiscard]] const QSqlDatabase &connection() const
    {
        return m_database;
    }

private:
    /// A statement that was prepared, and which value stands at each of its places.
    struct Prepared {
        QSqlQuery query;
        std::vector<qsizetype> order;
    };

    explicit Database(const DatabaseAddress &address);
    [[nodiscard]] Result<void> connect(const DatabaseAddress &address);
    [[nodiscard]] ApiError errorOf(const QSqlError &error);
    [[nodiscard]] Result<void> resultOf(QLatin1StringView name, const QSqlError &error);
    [[nodiscard]] Result<void> readRows(QSqlQuery &query, const RowReader &read);
    [[nodiscard]] Result<QSqlQuery *> start(QLatin1StringView name, const QVariantList &values);
    [[nodiscard]] Result<Prepared *> prepared(QLatin1StringView name);

    const Dialect m_dialect;
    const Driver &m_driver;
    const QString m_name; ///< Of the connection, for Qt.
    const Qt::HANDLE m_thread;
    QSqlDatabase m_database;
    bool m_isLost = false;
    std::unordered_map<std::string_view, Prepared> m_queries;
};

} // namespace delta::store
