#pragma once

#include "shared/core/result.h"

#include <QSqlDatabase>
#include <QSqlQuery>
#include <QString>
#include <QThread>
#include <QVariantList>

#include <functional>
#include <memory>
#include <string_view>
#include <unordered_map>
#include <vector>

struct sqlite3;

namespace delta::store {

/// One connection to a SQLite file, in WAL mode, where a commit survives a power cut.
/// Confined to the thread that opened it; only its destruction may happen elsewhere.
/// Errors of all functions: StoreUnavailable with SQLite's words as detail, unless they say more.
class Database
{
public:
    using RowReader = std::function<void(const QSqlQuery &row)>;

    /// Opens the file, which is made if need be, readable by its owner alone.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const QString &path);
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
    /// Runs a statement that is not in sql/queries: a migration's, or the frame of a transaction.
    [[nodiscard]] Result<void> execute(const QString &statement);

    /// Returns the connection for SQLite's own interface. Never null.
    [[nodiscard]] sqlite3 *handle() const
    {
        return m_handle;
    }
    /// Makes the error of SQLite's last call on this connection.
    [[nodiscard]] ApiError lastError() const;

private:
    /// A statement that was prepared, and which value stands at each of its places.
    struct Prepared {
        QSqlQuery query;
        std::vector<qsizetype> order;
    };

    explicit Database(const QString &path);
    [[nodiscard]] Result<void> connect();
    [[nodiscard]] Result<QSqlQuery *> start(QLatin1StringView name, const QVariantList &values);
    [[nodiscard]] Result<Prepared *> prepared(QLatin1StringView name);

    const QString m_name; ///< Of the connection, for Qt.
    const Qt::HANDLE m_thread;
    QSqlDatabase m_database;
    sqlite3 *m_handle = nullptr;
    std::unordered_map<std::string_view, Prepared> m_queries;
};

} // namespace delta::store
