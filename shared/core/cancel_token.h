#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>

namespace delta {

namespace detail {

/// What a source, its tokens and their registrations share.
struct CancelState {
    bool isCancelled = false;
    std::uint64_t nextId = 0;
    std::map<std::uint64_t, std::function<void()>> callbacks; ///< In order of registration.
};

} // namespace detail

/// Keeps a callback registered for as long as it lives. Confined to the thread of its source.
class CancelRegistration
{
public:
    CancelRegistration() = default;
    CancelRegistration(CancelRegistration &&other) noexcept = default;
    CancelRegistration &operator=(CancelRegistration &&other) noexcept;
    CancelRegistration(const CancelRegistration &) = delete;
    CancelRegistration &operator=(const CancelRegistration &) = delete;
    ~CancelRegistration();

private:
    friend class CancelToken;
    CancelRegistration(std::weak_ptr<detail::CancelState> state, std::uint64_t id);
    void remove();

    std::weak_ptr<detail::CancelState> m_state;
    std::uint64_t m_id = 0;
};

/// Tells a piece of work that nobody wants its result any more. A copy is as good as the original.
/// Default-made tokens are never cancelled. Confined to the thread of its source.
class CancelToken
{
public:
    CancelToken() = default;

    [[nodiscard]] bool isCancelled() const
    {
        return m_state && m_state->isCancelled;
    }
    /// Calls `callback` once when the source is cancelled, unless the returned registration died
    /// before. Calls it now if that has already happened. The callback may destroy registrations,
    /// its own among them, and may register others; it must not throw.
    [[nodiscard]] CancelRegistration onCancel(std::function<void()> callback) const;

private:
    friend class CancelSource;
    explicit CancelToken(std::shared_ptr<detail::CancelState> state);

    std::shared_ptr<detail::CancelState> m_state; ///< Null: never cancelled.
};

/// The side that cancels: the client is gone, a deadline passed, the gateway shuts down.
/// Letting a source die cancels nothing. Everything that belongs to one source lives on one thread:
/// a call never leaves the thread that accepted it, so no locks are needed.
class CancelSource
{
public:
    CancelSource();
    CancelSource(CancelSource &&) noexcept = default;
    CancelSource &operator=(CancelSource &&) noexcept = default;
    CancelSource(const CancelSource &) = delete;
    CancelSource &operator=(const CancelSource &) = delete;

    [[nodiscard]] CancelToken token() const;
    /// Runs the callbacks in the order of their registration. A second call does nothing.
    void cancel();

private:
    std::shared_ptr<detail::CancelState> m_state;
};

} // namespace delta
