#pragma once

#include "gateway/telemetry/log_target.h"

namespace delta::telemetry {

/// Hands records to journald with their fields (sd_journal_sendv(3)).
class JournalTarget final : public LogTarget
{
public:
    [[nodiscard]] std::size_t write(std::span<const LogRecord> records) override;
};

} // namespace delta::telemetry
