#pragma once

#include "gateway/ports/spend_store.h"
#include "shared/core/money.h"
#include "shared/core/result.h"

#include <QtTypes>

namespace delta::ledger {

class Journal;

/// What recoverCalls() did.
struct Recovery {
    quint64 charged = 0; ///< Calls that were settled with what the journal knew of them.
    quint64 voided = 0;  ///< Calls that were closed without a charge.
    Money cost;          ///< Of the charged ones.
};

/// Settles the calls during which a previous process died, before new ones are taken. Each is
/// charged its last Progress, or else its estimate, and marked as recovered. A call is voided, and
/// logged, when damage between its opening and the store's position hides whether it was posted
/// already: no call is ever charged twice. When this returns, its settlements survive a power cut.
/// Errors: StoreUnavailable if the journal has no room or cannot be synced; then it may be
/// repeated.
[[nodiscard]] Result<Recovery> recoverCalls(Journal &journal, ports::JournalPosition position);

} // namespace delta::ledger
