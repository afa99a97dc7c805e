#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Prints which keys seal how much. Fails if anything is sealed with a key that is missing here.
[[nodiscard]] ExitCode showSealingKeys(const Options &options);

/// Makes a new sealing key and moves everything to it; or ends what an earlier run began.
[[nodiscard]] ExitCode rotateSealingKey(const Options &options);

/// Takes away all sealing keys but the newest. Fails, and takes none, while anything is sealed with one of them.
[[nodiscard]] ExitCode retireSealingKeys(const Options &options);

} // namespace delta::app
