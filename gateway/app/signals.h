#pragma once

#include "gateway/net/event_loop.h"

#include <functional>

namespace delta::app {

/// Turns SIGTERM, SIGINT and SIGHUP into callbacks on the loop of the main thread, and makes errors of
/// the signals that would end a process for what it wrote. Must be made before any other thread
/// starts, because threads inherit the mask of blocked signals.
class Signals final : private net::FdHandler
{
public:
    struct Callbacks {
        std::function<void()> onStop;   ///< SIGTERM or SIGINT, each time.
        std::function<void()> onReload; ///< SIGHUP.
    };

    Signals(net::EventLoop &loop, Callbacks callbacks);
    ~Signals() override;

private:
    void onEvents(std::uint32_t events) override;

    net::EventLoop &m_loop;
    Callbacks m_callbacks;
    int m_fd = -1;
};

} // namespace delta::app
