#pragma once

#include "gateway/store/driver.h"

struct sqlite3;

namespace delta::store {

/// SQLite: one file in WAL mode, where a commit survives a power cut. The file is made if need be, readable by
/// its owner alone.
[[nodiscard]] const Driver &sqliteDriver();

/// Returns an open connection for SQLite's own interface. Never null.
[[nodiscard]] sqlite3 *sqliteHandle(const QSqlDatabase &connection);

/// Makes the error of SQLite's last call on a connection.
[[nodiscard]] ApiError lastSqliteError(const QSqlDatabase &connection);

} // namespace delta::store
