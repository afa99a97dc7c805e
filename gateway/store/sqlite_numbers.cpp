#include "gateway/store/number_rows.h"
#include "gateway/store/sqlite_driver.h"

#include <QByteArray>
#include <QVariant>
#include <sqlite3.h>

#include <memory>
#include <vector>

namespace delta::store {

namespace {

using Statement = std::unique_ptr<sqlite3_stmt, decltype(&::sqlite3_finalize)>;

void bind(sqlite3_stmt *statement, int place, const QVariant &value)
{
    if (value.typeId() == QMetaType::QString) {
        const QByteArray text = value.toString().toUtf8();
        ::sqlite3_bind_text(statement, place, text.constData(), static_cast<int>(text.size()),
                            SQLITE_TRANSIENT);
    } else {
        ::sqlite3_bind_int64(statement, place, value.toLongLong());
    }
}

QSqlError lastError(sqlite3 *connection)
{
    return {QString(), QString::fromUtf8(::sqlite3_errmsg(connection)), QSqlError::StatementError};
}

} // namespace

QSqlError readSqliteNumbers(const QSqlDatabase &connection, const QString &statement,
                            const QVariantList &values, const NumberReader &read)
{
    sqlite3 *const handle = sqliteHandle(connection);
    const QByteArray text = statement.toUtf8();
    sqlite3_stmt *made = nullptr;
    ::sqlite3_prepare_v2(handle, text.constData(), static_cast<int>(text.size()), &made, nullptr);
    const Statement query(made, ::sqlite3_finalize);
    if (!query) {
        return lastError(handle);
    }
    int place = 0;
    for (const QVariant &value : values) {
        bind(query.get(), ++place, value);
    }
    std::vector<qint64> row(static_cast<std::size_t>(::sqlite3_column_count(query.get())));
    int outcome = ::sqlite3_step(query.get());
    for (; outcome == SQLITE_ROW; outcome = ::sqlite3_step(query.get())) {
        int column = 0;
        for (qint64 &number : row) {
            number = ::sqlite3_column_int64(query.get(), column++);
        }
        read(row);
    }
    return outcome == SQLITE_DONE ? QSqlError() : lastError(handle);
}

} // namespace delta::store
