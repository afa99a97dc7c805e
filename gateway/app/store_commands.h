#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Brings the store's schema up to this program's version, as the start of a gateway does, and says so.
[[nodiscard]] ExitCode migrateStore(const Options &options);

/// Proves that the store's ledger adds up.
[[nodiscard]] ExitCode verifyLedger(const Options &options);

} // namespace delta::app
