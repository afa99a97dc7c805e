#pragma once

#include <coroutine>
#include <utility>

namespace delta::pipeline {

/// Where callbacks end and coroutines go on: one coroutine waits, a callback on the same thread
/// wakes it.
/// A wake-up while nobody waits is lost on purpose; the waiter checks its condition in a loop.
class Wakeup
{
public:
    /// Suspends until the next notify(). At most one coroutine waits at a time.
    [[nodiscard]] auto wait()
    {
        struct Awaiter {
            Wakeup &wakeup;
            [[nodiscard]] bool await_ready() const noexcept
            {
                return false;
            }
            void await_suspend(std::coroutine_handle<> waiter) noexcept
            {
                wakeup.m_waiter = waiter;
            }
            void await_resume() const noexcept
            {
            }
        };
        return Awaiter{*this};
    }

    /// Resumes the waiter inside this call; the object may be gone when it returns.
    void notify()
    {
        if (const auto waiter = std::exchange(m_waiter, nullptr)) {
            waiter.resume();
        }
    }

    [[nodiscard]] bool hasWaiter() const
    {
        return m_waiter != nullptr;
    }

private:
    std::coroutine_handle<> m_waiter;
};

} // namespace delta::pipeline
