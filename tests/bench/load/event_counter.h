#pragma once

#include "tests/bench/load/recorder.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace delta::bench {

/// Counts and times the events of one stream. The upstream stamps every content event with the time
/// of its write; see mock/bodies.h.
class EventCounter final
{
public:
    /// Begins a stream whose request was due at `dueNs`.
    void begin(std::int64_t dueNs);

    /// Takes the next bytes of the body, read at `now`, and records what is complete in them.
    void feed(std::string_view bytes, std::int64_t now, Recorder &recorder);

    /// Returns the content events so far.
    [[nodiscard]] int contentEvents() const
    {
        return m_contentEvents;
    }

    /// Whether `[DONE]` came.
    [[nodiscard]] bool isDone() const
    {
        return m_isDone;
    }

private:
    void onEvent(std::string_view event, std::int64_t now, Recorder &recorder);

    std::string m_partial; ///< An event whose end has not come yet.
    std::int64_t m_dueNs = 0;
    std::int64_t m_lastEventNs = 0;
    int m_contentEvents = 0;
    bool m_isDone = false;
};

} // namespace delta::bench
