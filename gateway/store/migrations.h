#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

namespace delta::store {

class Database;

/// Brings the schema up to this program's version. Several processes may do so at once.
/// Errors: StoreUnavailable, also if the database is of a newer version, which is left as it is.
[[nodiscard]] Result<void> migrate(Database &database, const Clock &clock);

/// Makes sure that this program knows the schema, which another process may have brought further since migrate(). Within
/// a transaction that posts: what it posts would be missing from sums that this program does not know.
/// Errors: StoreUnavailable, as migrate().
[[nodiscard]] Result<void> checkSchema(Database &database);

/// Reads the version of the schema; zero for an empty database.
[[nodiscard]] Result<int> schemaVersion(Database &database);

} // namespace delta::store
