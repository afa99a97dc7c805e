#include "gateway/net/fd_watch.h"

#include "gateway/net/event_loop.h"

#include <utility>

namespace delta::net {

FdWatch::FdWatch(EventLoop &loop, FdHandler &handler)
    : m_loop(loop)
    , m_handler(handler)
{
}

FdWatch::~FdWatch()
{
    set(m_fd, 0);
}

void FdWatch::set(int fd, std::uint32_t events)
{
    if (events == m_events) {
        return;
    }
    m_fd = fd;
    const std::uint32_t before = std::exchange(m_events, events);
    if (before == 0) {
        m_loop.add(fd, events, m_handler);
    } else if (events == 0) {
        m_loop.remove(fd, m_handler);
    } else {
        m_loop.modify(fd, events, m_handler);
    }
}

} // namespace delta::net
