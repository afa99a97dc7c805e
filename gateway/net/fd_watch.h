#pragma once

#include <cstdint>

namespace delta::net {

class EventLoop;
class FdHandler;

/// What a loop reports of one descriptor to one handler. Costs a system call only when that
/// changes.
/// Must be cleared, or be destroyed, before the descriptor is closed.
class FdWatch
{
public:
    /// Both must outlive the watch.
    FdWatch(EventLoop &loop, FdHandler &handler);
    ~FdWatch();
    FdWatch(const FdWatch &) = delete;
    FdWatch &operator=(const FdWatch &) = delete;

    /// Sets which events are reported: a mask of EPOLLIN, EPOLLOUT, EPOLLRDHUP. Hang-ups and errors
    /// come with every mask but zero, with which the loop forgets the descriptor.
    /// Returns false if the kernel cannot watch it: no event will be reported then.
    [[nodiscard]] bool set(int fd, std::uint32_t events);
    /// Lets the loop forget the descriptor.
    void clear();
    /// Says whether the last set() returned false.
    [[nodiscard]] bool hasFailed() const
    {
        return m_hasFailed;
    }

private:
    EventLoop &m_loop;
    FdHandler &m_handler;
    int m_fd = -1;
    std::uint32_t m_events = 0;
    bool m_hasFailed = false;
};

} // namespace delta::net
