#pragma once

namespace delta::telemetry {

/// Where log lines go.
enum class LogSink {
    Auto,    ///< journald when stderr is connected to it, else JSON lines on stderr.
    Json,    ///< JSON lines on stderr.
    Journal, ///< journald with structured fields.
    Text,    ///< Plain lines for people.
};

/// How important a line is; a setting of one level leaves out those before it.
enum class LogLevel { Debug, Info, Warning, Error };

/// What is logged.
struct LogSettings {
    LogSink sink = LogSink::Auto;
    LogLevel level = LogLevel::Info;
    bool logsCalls = true; ///< One line per call.

    bool operator==(const LogSettings &) const = default;
};

} // namespace delta::telemetry
