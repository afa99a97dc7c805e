#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Sends a test through every channel that the configuration names, and prints for each whether it has
/// arrived. Needs neither a gateway nor a store.
[[nodiscard]] ExitCode testAlerts(const Options &options);

/// Prints the newest alerts of the store: what has arrived, what waits, and why.
[[nodiscard]] ExitCode listAlerts(const Options &options);

} // namespace delta::app
