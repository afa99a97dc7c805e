#pragma once

#include "gateway/store/driver.h"
#include "shared/core/result.h"

#include <QByteArrayView>
#include <QMap>
#include <QString>

struct pg_conn;
struct pg_result;

namespace delta::store {

/// PostgreSQL, 17 or newer, or what is like it. A connection ends by itself where the server does not answer or
/// has become a standby, so that the next one finds the server that took over.
[[nodiscard]] const Driver &postgresDriver();

/// Reads an address with libpq's own parser, and returns what libpq takes to connect: what the address says, and for
/// the rest what all connections of a gateway need. Errors: StoreUnavailable in its words, which name the slip.
[[nodiscard]] Result<QMap<QString, QString>> postgresOptions(const QString &address);

/// Returns an open connection for libpq. Never null.
[[nodiscard]] pg_conn *postgresHandle(const QSqlDatabase &connection);

/// Returns what went wrong with a statement for libpq; `result` may be null. Without a code of the server's it is that of
/// a lost connection.
[[nodiscard]] QSqlError postgresError(pg_conn *connection, const pg_result *result);

/// Sends lines to a COPY … FROM STDIN statement. Returns an error that is not valid if all went well.
[[nodiscard]] QSqlError copyLines(pg_conn *connection, const QString &statement,
                                  QByteArrayView lines);

} // namespace delta::store
