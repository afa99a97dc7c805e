#pragma once

#include <functional>

namespace delta::ports {

/// Takes work that blocks off a loop thread. One per loop thread.
class Background
{
public:
    virtual ~Background() = default;
    /// Runs `blocking` on another thread, one after another in the order given, then `after` on
    /// this loop.
    virtual void run(std::function<void()> blocking, std::function<void()> after) = 0;
};

} // namespace delta::ports
