#pragma once

#include "gateway/net/timer_wheel.h"

#include <sys/epoll.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>

namespace delta::net {

class EventLoop;

/// Hears of events on one file descriptor. May be destroyed at any time, from its own callback too,
/// once EventLoop::remove() was called for its descriptor.
class FdHandler
{
public:
    FdHandler() = default;
    virtual ~FdHandler();
    FdHandler(const FdHandler &) = delete;
    FdHandler &operator=(const FdHandler &) = delete;

    /// Handles epoll events, a mask of EPOLLIN, EPOLLOUT, EPOLLRDHUP, EPOLLHUP, EPOLLERR.
    virtual void onEvents(std::uint32_t events) = 0;
    /// Is called once before the loop sleeps, after EventLoop::flushLater(). What it asks for in
    /// turn may have to wait for the next turn.
    virtual void onFlush()
    {
    }

private:
    friend class EventLoop;
    EventLoop *m_flushLoop = nullptr; ///< The loop that will call onFlush(); null if none.
};

/// The epoll core of one thread: descriptors, deadlines, and work for the end of the turn.
/// The EpollDispatcher of the thread owns and turns it. Everything but post() is confined to that
/// thread.
class EventLoop
{
public:
    EventLoop();
    ~EventLoop();
    EventLoop(const EventLoop &) = delete;
    EventLoop &operator=(const EventLoop &) = delete;

    /// Begins to report events of the descriptor, level triggered. Throws std::system_error if the
    /// kernel cannot watch it: a closed descriptor, a plain file, no memory.
    void add(int fd, std::uint32_t events, FdHandler &handler);
    /// As add(), for callbacks, where nobody would catch: returns false, and errno says why.
    [[nodiscard]] bool tryAdd(int fd, std::uint32_t events, FdHandler &handler);
    /// Changes what is reported of a descriptor. Adds it if the kernel has forgotten it, as it does
    /// when a descriptor is closed and its number given out again. Returns false if the kernel
    /// cannot watch it any more; errno says why.
    bool modify(int fd, std::uint32_t events, FdHandler &handler);
    /// Forgets the descriptor; no event that is already in hand reaches the handler any more.
    void remove(int fd, FdHandler &handler);

    /// Calls handler.onFlush() once before the loop sleeps: the place where writes are merged. Asked
    /// for by an onFlush(), it comes after the descriptors had their turn at the latest.
    void flushLater(FdHandler &handler);
    /// Runs `work` on the loop's thread in a later turn, in the order of the calls. Safe from any
    /// thread. Work that is left when the loop dies is dropped.
    void post(std::function<void()> work);

    [[nodiscard]] TimerWheel &timers()
    {
        return m_timers;
    }

private:
    friend class EpollDispatcher;
    friend class FdHandler;

    void forgetFlush(FdHandler &handler);
    void runPosted();
    void flush();
    [[nodiscard]] bool hasFlushes() const
    {
        return !m_flushes.empty();
    }
    void waitForWake(std::int64_t timeoutNs);
    int wait(std::int64_t timeoutNs);
    void dispatch();
    void wake();
    void drainWake();
    [[nodiscard]] bool hasPosted();

    int m_epoll = -1;
    int m_wake = -1;
    TimerWheel m_timers;
    std::deque<FdHandler *> m_flushes;
    std::array<epoll_event, 256> m_events{};
    int m_eventCount = 0;
    int m_eventIndex = 0;
    std::atomic<bool> m_isSleeping = false; ///< Only then must another thread write the eventfd.
    std::mutex m_postedMutex;
    std::deque<std::function<void()>> m_posted;
};

} // namespace delta::net
