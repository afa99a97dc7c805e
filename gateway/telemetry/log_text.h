#pragma once

#include "gateway/telemetry/log_record.h"

#include <QByteArray>
#include <QByteArrayList>

namespace delta::telemetry {

// Whatever a value holds, it stays within its field: no line break, no terminal escape, no control
// or bidi character leaves these functions, and credentials are masked (see scrubbed()).

/// Returns the record as one JSON object with a line feed.
[[nodiscard]] QByteArray jsonLine(const LogRecord &record);
/// Returns the record as one line for people with a line feed.
[[nodiscard]] QByteArray textLine(const LogRecord &record);
/// Returns the record as `NAME=value` fields for journald; fields of ours begin with DELTALLM_.
[[nodiscard]] QByteArrayList journalFields(const LogRecord &record);

} // namespace delta::telemetry
