#include "gateway/net/exact_timer.h"

#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>
#include <utility>

namespace delta::net {

ExactTimer::ExactTimer(EventLoop &loop, std::function<void()> onExpired)
    : m_loop(loop)
    , m_onExpired(std::move(onExpired))
    , m_fd(::timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC))
{
    if (m_fd < 0) {
        throw std::system_error(errno, std::generic_category(), "timerfd_create");
    }
    m_loop.add(m_fd, EPOLLIN, *this);
}

ExactTimer::~ExactTimer()
{
    m_loop.remove(m_fd, *this);
    ::close(m_fd);
}

void ExactTimer::start(std::chrono::nanoseconds delay)
{
    // Zero would disarm it.
    const auto wait = std::max(std::chrono::nanoseconds(1), delay);
    const auto seconds = std::chrono::floor<std::chrono::seconds>(wait);
    itimerspec when{};
    when.it_value.tv_sec = seconds.count();
    when.it_value.tv_nsec = (wait - seconds).count();
    ::timerfd_settime(m_fd, 0, &when, nullptr);
    m_isActive = true;
}

void ExactTimer::onEvents(std::uint32_t)
{
    std::uint64_t count = 0;
    if (::read(m_fd, &count, sizeof count) != sizeof count) {
        return; // Started anew after the event was in hand.
    }
    m_isActive = false;
    m_onExpired();
}

} // namespace delta::net
