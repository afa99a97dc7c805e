#pragma once

#include <QByteArrayView>

#include <array>
#include <chrono>
#include <span>

namespace delta::telemetry {

/// What a metric is to Prometheus.
enum class MetricKind { Counter, Gauge, Histogram };

/// The labels that metrics of calls can have.
enum class CallLabel { Model, ApiProvider, ApiKey, User, Team, StatusCode, ErrorType, ErrorCode };
inline constexpr std::size_t callLabelCount = 8;

/// The metrics that are counted per call.
enum class CallMetric {
    Requests,
    Failures,
    InputTokens,
    OutputTokens,
    Spend,
    TotalLatency,
    UpstreamLatency,
    TimeToFirstToken,
    UpstreamErrors,
    UnpricedCalls,
    EstimatedUsage,
};
inline constexpr std::size_t callMetricCount = 11;

/// The upper bounds of every latency histogram; a bucket without bound follows the last.
inline constexpr std::array<std::chrono::microseconds, 14> latencyBounds{
    std::chrono::milliseconds(5),    std::chrono::milliseconds(10),
    std::chrono::milliseconds(25),   std::chrono::milliseconds(50),
    std::chrono::milliseconds(75),   std::chrono::milliseconds(100),
    std::chrono::milliseconds(250),  std::chrono::milliseconds(500),
    std::chrono::milliseconds(750),  std::chrono::milliseconds(1000),
    std::chrono::milliseconds(2500), std::chrono::milliseconds(5000),
    std::chrono::milliseconds(7500), std::chrono::milliseconds(10'000)};

/// Describes one metric.
struct MetricSpec {
    QByteArrayView name;
    QByteArrayView help;
    MetricKind kind = MetricKind::Counter;
    /// Values are integers times 10^-decimals of the unit in the name: no float is involved.
    int decimals = 0;
    std::span<const CallLabel> labels;

    /// Returns how many integers one label set of the metric holds: a counter's value, or a
    /// histogram's buckets and their sum.
    [[nodiscard]] constexpr std::size_t cellCount() const
    {
        return kind == MetricKind::Histogram ? latencyBounds.size() + 2 : 1;
    }
};

/// Returns the description of a metric.
[[nodiscard]] const MetricSpec &specOf(CallMetric metric);
/// Returns a label's name.
[[nodiscard]] QByteArrayView nameOf(CallLabel label);

} // namespace delta::telemetry
