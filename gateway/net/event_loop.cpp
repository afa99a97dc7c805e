#include "gateway/net/event_loop.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <system_error>
#include <utility>

namespace delta::net {

namespace {

constexpr std::int64_t second = 1'000'000'000; ///< In nanoseconds.

} // namespace

FdHandler::~FdHandler()
{
    if (m_flushLoop) {
        m_flushLoop->forgetFlush(*this);
    }
}

EventLoop::EventLoop()
    : m_epoll(::epoll_create1(EPOLL_CLOEXEC))
    , m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC))
    , m_timers(std::chrono::steady_clock::now())
{
    if (m_epoll < 0 || m_wake < 0) {
        throw std::system_error(errno, std::generic_category(), "epoll");
    }
    epoll_event event{};
    event.events = EPOLLIN;
    ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, m_wake, &event);
}

EventLoop::~EventLoop()
{
    for (FdHandler *handler : m_flushes) {
        if (handler) {
            handler->m_flushLoop = nullptr;
        }
    }
    ::close(m_wake);
    ::close(m_epoll);
}

void EventLoop::add(int fd, std::uint32_t events, FdHandler &handler)
{
    if (!tryAdd(fd, events, handler)) {
        throw std::system_error(errno, std::generic_category(), "epoll_ctl add");
    }
}

bool EventLoop::tryAdd(int fd, std::uint32_t events, FdHandler &handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &handler;
    return ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event) == 0;
}

bool EventLoop::modify(int fd, std::uint32_t events, FdHandler &handler)
{
    epoll_event event{};
    event.events = events;
    event.data.ptr = &handler;
    return ::epoll_ctl(m_epoll, EPOLL_CTL_MOD, fd, &event) == 0
        || (errno == ENOENT && tryAdd(fd, events, handler));
}

void EventLoop::remove(int fd, FdHandler &handler)
{
    ::epoll_ctl(m_epoll, EPOLL_CTL_DEL, fd, nullptr);
    for (int index = m_eventIndex; index < m_eventCount; ++index) {
        epoll_event &event = m_events[static_cast<std::size_t>(index)];
        if (event.data.ptr == &handler) {
            event.events = 0;
        }
    }
}

void EventLoop::flushLater(FdHandler &handler)
{
    if (!handler.m_flushLoop) {
        handler.m_flushLoop = this;
        m_flushes.push_back(&handler);
    }
}

void EventLoop::forgetFlush(FdHandler &handler)
{
    for (FdHandler *&entry : m_flushes) {
        if (entry == &handler) {
            entry = nullptr;
        }
    }
}

void EventLoop::post(std::function<void()> work)
{
    {
        const std::scoped_lock lock(m_postedMutex);
        m_posted.push_back(std::move(work));
    }
    if (m_isSleeping.load()) {
        wake();
    }
}

bool EventLoop::hasPosted()
{
    const std::scoped_lock lock(m_postedMutex);
    return !m_posted.empty();
}

void EventLoop::runPosted()
{
    std::size_t count = 0;
    {
        const std::scoped_lock lock(m_postedMutex);
        count = m_posted.size();
    }
    // One by one: what turns a nested event loop must not hold back the work behind it.
    for (; count > 0; --count) {
        std::function<void()> work;
        {
            const std::scoped_lock lock(m_postedMutex);
            if (m_posted.empty()) {
                return; // A nested turn ran it.
            }
            work = std::move(m_posted.front());
            m_posted.pop_front();
        }
        work();
    }
}

void EventLoop::flush()
{
    // What a flush asks for is left to the next one: a connection that always has a further request
    // in hand would otherwise keep the loop from all others. A nested turn may take what is left.
    for (std::size_t left = m_flushes.size(); left > 0 && !m_flushes.empty(); --left) {
        FdHandler *handler = m_flushes.front();
        m_flushes.pop_front();
        if (handler) {
            handler->m_flushLoop = nullptr;
            handler->onFlush();
        }
    }
}

void EventLoop::waitForWake(std::int64_t timeoutNs)
{
    const timespec timeout{timeoutNs / second, timeoutNs % second};
    pollfd polled{m_wake, POLLIN, 0};
    if (::ppoll(&polled, 1, timeoutNs < 0 ? nullptr : &timeout, nullptr) > 0) {
        drainWake();
    }
}

int EventLoop::wait(std::int64_t timeoutNs)
{
    const timespec timeout{timeoutNs / second, timeoutNs % second};
    const int count = ::epoll_pwait2(m_epoll, m_events.data(), static_cast<int>(m_events.size()),
                                     timeoutNs < 0 ? nullptr : &timeout, nullptr);
    if (count < 0 && errno != EINTR) {
        // A loop that cannot wait would spin for ever: a kernel without the call must be noticed.
        throw std::system_error(errno, std::generic_category(), "epoll_pwait2");
    }
    m_eventCount = count < 0 ? 0 : count;
    m_eventIndex = 0;
    return m_eventCount;
}

void EventLoop::dispatch()
{
    while (m_eventIndex < m_eventCount) {
        const epoll_event event = m_events[static_cast<std::size_t>(m_eventIndex++)];
        if (!event.data.ptr) {
            drainWake();
        } else if (event.events != 0) {
            static_cast<FdHandler *>(event.data.ptr)->onEvents(event.events);
        }
    }
    m_eventCount = 0;
}

void EventLoop::wake()
{
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(m_wake, &one, sizeof one);
}

void EventLoop::drainWake()
{
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(m_wake, &count, sizeof count);
}

} // namespace delta::net
