#include "tests/bench/load/recorder.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <format>

namespace delta::bench {

double Durations::percentileUs(double share)
{
    if (m_values.empty()) {
        return 0;
    }
    const double rank = std::ceil(share * static_cast<double>(m_values.size()));
    const auto nth = m_values.begin()
        + std::max<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(rank) - 1, 0);
    std::ranges::nth_element(m_values, nth);
    return static_cast<double>(*nth) / 1000.0;
}

std::string Durations::toJson()
{
    return std::format(R"({{"p50":{:.1f},"p90":{:.1f},"p99":{:.1f},"max":{:.1f}}})",
                       percentileUs(0.5), percentileUs(0.9), percentileUs(0.99), percentileUs(1.0));
}

void Recorder::fail(const std::string &reason, const std::string &details)
{
    if (++failures[reason] == 1) {
        std::fputs(std::format("load: {}: {}\n", reason, details).c_str(), stderr);
    }
}

std::string Recorder::toJson()
{
    std::int64_t failed = 0;
    std::string reasons;
    for (const auto &[reason, count] : failures) {
        failed += count;
        reasons += std::format("{}\"{}\":{}", reasons.empty() ? "" : ",", reason, count);
    }
    const double rate = seconds > 0 ? static_cast<double>(completed) / seconds : 0;
    return std::format(
        R"({{"completed":{},"failed":{},"failures":{{{}}},"opened":{},"held":{},"seconds":{:.4f},)"
        R"("rate":{:.1f},"latency_us":{},"events":{},"lost_events":{},"event_reads":{},)"
        R"("first_event_us":{},"gap_us":{},"delivery_us":{}}})",
        completed, failed, reasons, opened, held, seconds, rate, latency.toJson(), events,
        lostEvents, eventReads, firstEvent.toJson(), gap.toJson(), delivery.toJson());
}

} // namespace delta::bench
