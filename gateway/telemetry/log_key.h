#pragma once

#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <string_view>

namespace delta::telemetry {

/// All names that a log field can have. Whoever adds one here answers for it that its values hold
/// no prompt, no answer and no credential.
inline constexpr std::array<std::string_view, 50> logKeys{
    "address",  "attempt",       "bytes",       "client_request_id",
    "column",   "connections",   "cost_usd",    "count",
    "database", "deployment",    "detail",      "duration_ms",
    "error",    "error_code",    "file",        "input_tokens",
    "key_id",   "latency_ms",    "limit",       "line",
    "method",   "model",         "offset",      "operation",
    "outcome",  "output_tokens", "path",        "peer",
    "pid",      "port",          "problem",     "provider",
    "reason",   "repeated",      "request_id",  "retry_after_s",
    "route",    "signal",        "source",      "state",
    "status",   "stream",        "team_id",     "text",
    "threads",  "ttft_ms",       "upstream_ms", "usage_source",
    "user_id",  "version"};
static_assert(std::ranges::is_sorted(logKeys));

/// The name of a log field, one of logKeys: another one does not compile.
class LogKey
{
public:
    consteval LogKey(
        const char *name) // NOLINT(google-explicit-constructor): reads as {"status", 200}.
        : m_name(name)
    {
        if (!std::ranges::binary_search(logKeys, std::string_view(name))) {
            throw "This log field is not in logKeys.";
        }
    }
    [[nodiscard]] constexpr QByteArrayView name() const
    {
        return m_name;
    }

private:
    QByteArrayView m_name;
};

/// A text that is written in the source: what a request brings along cannot become a message or a
/// category.
class LogLiteral
{
public:
    // NOLINT(google-explicit-constructor): reads as a string.
    consteval LogLiteral(const char *text)
        : m_text(text)
    {
    }
    [[nodiscard]] constexpr QByteArrayView text() const
    {
        return m_text;
    }

private:
    QByteArrayView m_text;
};

} // namespace delta::telemetry
