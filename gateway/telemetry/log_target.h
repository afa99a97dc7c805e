#pragma once

#include "gateway/telemetry/log_record.h"
#include "gateway/telemetry/log_settings.h"

#include <QByteArrayView>

#include <memory>
#include <span>

namespace delta::telemetry {

/// Where log records end up. Used by the writer's thread only, and may block there.
class LogTarget
{
public:
    virtual ~LogTarget() = default;
    /// Writes the records and returns how many of them were lost.
    [[nodiscard]] virtual std::size_t write(std::span<const LogRecord> records) = 0;
};

/// Makes the target for a setting; `descriptor` is that of stderr but in tests.
/// Auto takes journald if the descriptor leads there anyway (JOURNAL_STREAM, systemd.exec(5)).
[[nodiscard]] std::unique_ptr<LogTarget> makeLogTarget(LogSink sink, int descriptor);

/// Says whether the descriptor is the stream that `journalStream`, "device:inode", names.
[[nodiscard]] bool isJournalStream(int descriptor, QByteArrayView journalStream);

} // namespace delta::telemetry
