#pragma once

#include "gateway/net/event_loop.h"

#include <chrono>
#include <functional>

namespace delta::net {

/// A one-shot deadline for waits of a few milliseconds, for which a tick of the TimerWheel is too long.
/// It costs a descriptor, and a system call whenever it is started. Confined to the loop's thread.
class ExactTimer final : private FdHandler
{
public:
    /// Throws std::system_error if the kernel has no more descriptors.
    ExactTimer(EventLoop &loop, std::function<void()> onExpired);
    ~ExactTimer() override;
    ExactTimer(const ExactTimer &) = delete;
    ExactTimer &operator=(const ExactTimer &) = delete;

    /// Arms the timer, replacing an earlier deadline. Zero or less fires in the next turn of the loop.
    void start(std::chrono::nanoseconds delay);
    [[nodiscard]] bool isActive() const
    {
        return m_isActive;
    }

private:
    void onEvents(std::uint32_t events) override;

    EventLoop &m_loop;
    std::function<void()> m_onExpired;
    int m_fd;
    bool m_isActive = false;
};

} // namespace delta::net
