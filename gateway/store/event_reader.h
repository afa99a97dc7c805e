#pragma once

#include "gateway/ports/spend_store.h"

#include <QSqlQuery>

namespace delta::store {

/// Reads a call: the columns of events/insert in their order, with names instead of ids.
[[nodiscard]] ports::PostedEntry entryOf(const QSqlQuery &row);

} // namespace delta::store
