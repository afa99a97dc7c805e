#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace delta::bench {

/// Durations in nanoseconds, for their percentiles.
class Durations final
{
public:
    void add(std::int64_t nanoseconds)
    {
        m_values.push_back(nanoseconds);
    }

    /// Returns p50, p90, p99 and max in microseconds as a JSON object; zeros when nothing was
    /// added.
    [[nodiscard]] std::string toJson();

private:
    /// Returns the smallest value that at least `share` of all values do not exceed.
    double percentileUs(double share);

    std::vector<std::int64_t> m_values;
};

/// What a run saw. Written out as one line of JSON at the end.
struct Recorder {
    std::int64_t completed = 0;  ///< Complete replies with the expected status.
    std::int64_t opened = 0;     ///< Connections that were made, held ones included.
    std::int64_t held = 0;       ///< Hold mode: connections still open at the end.
    std::int64_t events = 0;     ///< Content events of streams.
    std::int64_t lostEvents = 0; ///< Content events that streams should have had.
    std::int64_t eventReads =
        0;                ///< Reads that brought content events; fewer than events: merged ones.
    double seconds = 0;   ///< From the first request to the last reply.
    Durations latency;    ///< Request due to reply complete.
    Durations firstEvent; ///< Request due to first content event.
    Durations gap;        ///< Between content events of one stream, as they are read.
    Durations delivery;   ///< From the write in the upstream to the read here.
    std::map<std::string, std::int64_t> failures; ///< Reason to count.

    /// Notes a failed request; the first of each reason is told on standard error with its details.
    void fail(const std::string &reason, const std::string &details = {});

    [[nodiscard]] std::string toJson();
};

} // namespace delta::bench
