#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Loads the configuration and prints every problem and warning.
[[nodiscard]] ExitCode checkConfig(const Options &options);

/// Makes keys in the state folder's store and prints them, once.
[[nodiscard]] ExitCode createKeys(const Options &options);

/// Prints the keys, never their secrets.
[[nodiscard]] ExitCode listKeys(const Options &options);

/// Removes a key; gateways that run on the same store notice within a second.
[[nodiscard]] ExitCode revokeKey(const Options &options);

} // namespace delta::app
