#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Prints the gateways that share a database: when each was last seen, what it holds of budgets, and whether all of
/// its journal is posted. Fails with SQLite, which has one.
[[nodiscard]] ExitCode listGateways(const Options &options);

/// Leaves others what a gateway holds that will not come back. Fails, unless it is told to do so all the same, for
/// one that was seen within the last minute.
[[nodiscard]] ExitCode forgetGateway(const Options &options);

} // namespace delta::app
