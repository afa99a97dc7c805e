#pragma once

#include "gateway/telemetry/log_record.h"
#include "gateway/telemetry/log_settings.h"
#include "shared/core/clock.h"

#include <atomic>
#include <initializer_list>

namespace delta::telemetry {

class LogWriter;

/// Takes log lines from anywhere in the gateway:
/// `log.warning("delta.ledger", "The store is behind.", {{"count", calls}, {"duration_ms", lag}});`
/// Category and message are written in the source; what varies are fields, and only those of
/// logKeys exist. Safe from any thread; never waits.
class Log
{
public:
    using Fields = std::initializer_list<LogField>;

    Log(LogWriter &writer, const Clock &clock, LogLevel level);

    void debug(LogLiteral category, LogLiteral message, Fields fields = {}) const;
    void info(LogLiteral category, LogLiteral message, Fields fields = {}) const;
    void warning(LogLiteral category, LogLiteral message, Fields fields = {}) const;
    void error(LogLiteral category, LogLiteral message, Fields fields = {}) const;
    /// Sets the least level that is logged from now on.
    void setLevel(LogLevel level)
    {
        m_level = level;
    }
    /// Takes a record whose texts come from elsewhere; its time is set here.
    void post(LogRecord record) const;

private:
    struct Origin {
        LogLevel level;
        LogLiteral category;
    };
    void write(Origin origin, LogLiteral message, Fields fields) const;

    LogWriter &m_writer;
    const Clock &m_clock;
    std::atomic<LogLevel> m_level;
};

} // namespace delta::telemetry
