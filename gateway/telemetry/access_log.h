#pragma once

#include "gateway/telemetry/log_record.h"
#include "gateway/telemetry/log_settings.h"
#include "shared/models/spend_entry.h"

namespace delta::telemetry {

class LogWriter;

/// Writes one line per call.
class AccessLog
{
public:
    AccessLog(LogWriter &writer, const LogSettings &settings);

    /// Queues the line of a call. Safe from any thread; never waits.
    void write(const SpendEntry &entry) const;

private:
    LogWriter &m_writer;
    const bool m_isOn;
};

/// Returns the line of a call: who called what, how it ended, what it took and cost. Facts that are
/// absent are left out; texts that a client invents beyond the model's name never appear.
[[nodiscard]] LogRecord callRecord(const SpendEntry &entry);

} // namespace delta::telemetry
