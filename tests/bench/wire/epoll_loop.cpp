#include "tests/bench/wire/epoll_loop.h"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

namespace delta::bench {

namespace {

void control(int epoll, int operation, int descriptor, epoll_event event)
{
    if (::epoll_ctl(epoll, operation, descriptor, &event) != 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl");
    }
}

epoll_event makeEvent(std::uint32_t events, EpollLoop::Handler &handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &handler;
    return event;
}

} // namespace

EpollLoop::EpollLoop()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
{
    if (m_epoll < 0) {
        throw std::system_error(errno, std::generic_category(), "epoll_create1");
    }
}

EpollLoop::~EpollLoop()
{
    ::close(m_epoll);
}

void EpollLoop::add(int descriptor, std::uint32_t events, Handler &handler)
{
    control(m_epoll, EPOLL_CTL_ADD, descriptor, makeEvent(events, handler));
}

void EpollLoop::change(int descriptor, std::uint32_t events, Handler &handler)
{
    control(m_epoll, EPOLL_CTL_MOD, descriptor, makeEvent(events, handler));
}

void EpollLoop::remove(int descriptor)
{
    control(m_epoll, EPOLL_CTL_DEL, descriptor, {});
}

void EpollLoop::turn(std::chrono::nanoseconds timeout)
{
    std::array<epoll_event, 256> events;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(timeout);
    const timespec wait{.tv_sec = seconds.count(), .tv_nsec = (timeout - seconds).count()};
    const timespec *limit = timeout.count() < 0 ? nullptr : &wait;
    const int count = ::epoll_pwait2(m_epoll, events.data(), static_cast<int>(events.size()), limit,
                                     nullptr);
    for (int index = 0; index < count; ++index) {
        const epoll_event &event = events[static_cast<std::size_t>(index)];
        static_cast<Handler *>(event.data.ptr)->onEvents(event.events);
    }
}

} // namespace delta::bench
