#pragma once

#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QtTypes>

namespace delta::store {

class Database;

/// Removes calls that are no longer kept: those of whole days before `before` in SQLite, a portion at a time so
/// that the ledger is not kept waiting, and those of whole months in PostgreSQL, whose partitions are detached and
/// dropped. Their sums stay, and so does all that budgets and reports read of them. Returns whether something is
/// left to do.
[[nodiscard]] Result<bool> removeEventsBefore(Database &database, WallTime before);

} // namespace delta::store
