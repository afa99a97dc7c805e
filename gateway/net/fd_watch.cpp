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
    clear();
}

bool FdWatch::set(int fd, std::uint32_t events)
{
    m_hasFailed = false;
    if (events == m_events) {
        return true;
    }
    if (events == 0) {
        clear();
        return true;
    }
    m_fd = fd;
    const std::uint32_t before = std::exchange(m_events, events);
    m_hasFailed = before == 0 ? !m_loop.tryAdd(fd, events, m_handler)
                              : !m_loop.modify(fd, events, m_handler);
    if (m_hasFailed) {
        m_events = 0;
    }
    return !m_hasFailed;
}

void FdWatch::clear()
{
    if (std::exchange(m_events, 0) != 0) {
        m_loop.remove(m_fd, m_handler);
    }
}

} // namespace delta::net
