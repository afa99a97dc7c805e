#pragma once

#include "gateway/telemetry/log_target.h"
#include "gateway/telemetry/log_text.h"

namespace delta::telemetry {

/// Writes lines to a file descriptor, a whole batch per system call.
class StreamTarget final : public LogTarget
{
public:
    using Format = QByteArray (*)(const LogRecord &);

    /// The descriptor stays the caller's.
    StreamTarget(int descriptor, Format format);

    [[nodiscard]] std::size_t write(std::span<const LogRecord> records) override;

private:
    const int m_descriptor;
    const Format m_format;
};

} // namespace delta::telemetry
