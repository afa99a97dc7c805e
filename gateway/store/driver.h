#pragma once

#include "gateway/store/database_address.h"
#include "gateway/store/number_rows.h"
#include "gateway/store/plain_row.h"
#include "shared/core/result.h"

#include <QLatin1StringView>
#include <QSqlDatabase>
#include <QSqlError>
#include <QString>
#include <QVariantList>

namespace delta::store {

/// What is different about a kind of database: one table of functions each.
struct Driver {
    QLatin1StringView name; ///< Qt's.
    /// Sets the address and the options of a connection that is not open yet.
    /// Errors: StoreUnavailable if the address is none.
    Result<void> (*prepare)(QSqlDatabase &connection, const DatabaseAddress &address);
    /// Sets up a connection that was just opened. Errors: StoreUnavailable.
    Result<void> (*begin)(QSqlDatabase &connection);
    /// Returns the column whose unique value is taken; empty for other errors.
    QString (*takenColumn)(const QSqlError &error);
    /// Says whether the connection is of no more use after an error, and has to be made anew.
    bool (*isLost)(const QSqlDatabase &connection, const QSqlError &error);
    /// Runs a statement without values and hands each row to `read`; see Database::scan(). Returns an error that is
    /// not valid if all went well.
    QSqlError (*scan)(const QSqlDatabase &connection, const QString &statement,
                      const PlainRowReader &read);
    /// Runs a statement whose columns are integers, see number_rows.h.
    QSqlError (*readNumbers)(const QSqlDatabase &connection, const QString &statement,
                             const QVariantList &values, const NumberReader &read);
    QLatin1StringView beginWriting; ///< Begins a transaction that writes.
    QLatin1StringView beginReading; ///< Begins one that sees one moment, and does not write.
};

/// Returns what is different about a kind of database.
[[nodiscard]] const Driver &driverOf(Dialect dialect);

/// Makes the error for a database that does not answer; `detail` is for the log.
[[nodiscard]] ApiError databaseUnavailable(const QString &detail);

} // namespace delta::store
