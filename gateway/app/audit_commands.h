#pragma once

#include "gateway/app/options.h"

namespace delta::app {

/// Proves that nobody has changed the audit log, also against records that were noted elsewhere. Ends with LedgerBroken
/// where somebody has.
[[nodiscard]] ExitCode verifyAuditLog(const Options &options);

/// Prints what whoever keeps the log of a gateway can check its notes about the audit log with, as PEM.
[[nodiscard]] ExitCode showCheckpointKey(const Options &options);

/// Prints the audit log, an event as JSON on each line, oldest first.
[[nodiscard]] ExitCode exportAuditLog(const Options &options);

/// Says what is kept of an end user, and with --yes takes their name away from all of it.
[[nodiscard]] ExitCode eraseEndUser(const Options &options);

} // namespace delta::app
