#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Prints each rate limit: whose calls it counts, and what it lets through.
[[nodiscard]] ExitCode listLimits(const Options &options);

/// Makes a rate limit or replaces the one of the same calls as a whole; gateways that run on the same store
/// hold to it within a second.
[[nodiscard]] ExitCode setLimit(const Options &options);

/// Removes a rate limit, likewise.
[[nodiscard]] ExitCode removeLimit(const Options &options);

} // namespace delta::app
