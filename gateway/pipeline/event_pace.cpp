#include "gateway/pipeline/event_pace.h"

#include <utility>

namespace delta::pipeline {

EventPace::EventPace(net::TimerWheel &wheel, std::function<void()> onLate)
    : m_timer(wheel, std::move(onLate))
{
}

void EventPace::start(std::chrono::milliseconds longest)
{
    m_longest = longest;
    wait();
}

void EventPace::take(qsizetype bytes, qint64 wholeParts)
{
    m_bytes += bytes;
    if (wholeParts > m_wholeParts || m_bytes >= step) {
        m_wholeParts = wholeParts;
        m_bytes = 0;
        wait();
    }
}

void EventPace::pause()
{
    m_isPaused = true;
    m_timer.stop();
}

void EventPace::resume()
{
    m_isPaused = false;
    wait();
}

void EventPace::stop()
{
    m_longest = {};
    m_timer.stop();
}

void EventPace::wait()
{
    if (m_longest.count() > 0 && !m_isPaused) {
        m_timer.start(m_longest);
    }
}

} // namespace delta::pipeline
