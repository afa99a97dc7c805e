#pragma once

#include "gateway/net/timer_wheel.h"

#include <QtTypes>

#include <chrono>
#include <functional>

namespace delta::pipeline {

/// Notices a stream that drips: its bytes keep coming, and no event becomes whole. Within the longest
/// silence an event must be whole, or must have grown by another step, so that a long event may take
/// its time as long as it gets on. Confined to the thread of its wheel.
class EventPace
{
public:
    /// How much of an event that is not whole yet counts as getting on, in bytes.
    static constexpr qsizetype step = 16 * 1024;

    /// `onLate` is called once, when the stream is too slow; it may destroy the pace.
    EventPace(net::TimerWheel &wheel, std::function<void()> onLate);

    /// Begins to wait, for so long at a time. Zero: for ever.
    void start(std::chrono::milliseconds longest);
    /// Takes note of bytes that came, and of how many parts of the answer are whole by now.
    void take(qsizetype bytes, qint64 wholeParts);
    /// Nothing is wanted for a while, so nothing is late.
    void pause();
    /// Goes on, with the whole time again.
    void resume();
    void stop();

private:
    void wait();

    net::Timer m_timer;
    std::chrono::milliseconds m_longest{0};
    qsizetype m_bytes = 0; ///< Since the last step.
    qint64 m_wholeParts = 0;
    bool m_isPaused = false;
};

} // namespace delta::pipeline
