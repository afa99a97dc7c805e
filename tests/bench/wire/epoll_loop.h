#pragma once

#include <chrono>
#include <cstdint>

namespace delta::bench {

/// Waits for descriptors and calls their handlers. For one thread; level triggered.
class EpollLoop final
{
public:
    /// What happens on a descriptor. A handler may be destroyed in its own call or between turns,
    /// but not in another handler's call, because its event may already be in hand.
    class Handler
    {
    public:
        /// Handles the EPOLL* bits of one descriptor.
        virtual void onEvents(std::uint32_t events) = 0;

    protected:
        ~Handler() = default;
    };

    /// Makes the epoll instance. Throws std::system_error.
    EpollLoop();
    ~EpollLoop();
    EpollLoop(const EpollLoop &) = delete;
    EpollLoop &operator=(const EpollLoop &) = delete;

    /// Watches `descriptor`; the handler is borrowed until remove(). Throws std::system_error.
    void add(int descriptor, std::uint32_t events, Handler &handler);

    /// Watches for other events from now on.
    void change(int descriptor, std::uint32_t events, Handler &handler);

    /// Stops watching; must come before the descriptor is closed.
    void remove(int descriptor);

    /// Waits for events, at most for `timeout` (negative: for ever), and calls their handlers.
    void turn(std::chrono::nanoseconds timeout);

private:
    int m_epoll;
};

} // namespace delta::bench
