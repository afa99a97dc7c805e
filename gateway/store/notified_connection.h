#pragma once

#include "gateway/store/database_address.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <chrono>
#include <memory>
#include <optional>

struct pg_conn;

namespace delta::store {

/// What ends a wait from another thread. It stays so: there is no way back.
class Wakener
{
public:
    Wakener();
    ~Wakener();
    Wakener(const Wakener &) = delete;
    Wakener &operator=(const Wakener &) = delete;

    /// Ends the waits of now and of later. Safe from any thread.
    void wake() const;
    /// Returns what is readable from then on.
    [[nodiscard]] int descriptor() const
    {
        return m_descriptor;
    }

private:
    int m_descriptor;
};

/// How a wait ended.
enum class Waited { Ready, TimedOut, Woken };

/// Waits until a descriptor is ready for poll()'s `events`, for `patience` at most; absent: for as long as it
/// takes. A negative descriptor is never ready.
[[nodiscard]] Waited waitFor(int descriptor, short events, const Wakener &wakener,
                             std::optional<std::chrono::milliseconds> patience);

/// A connection to a PostgreSQL that is only told of things, for which Qt's driver would need an event loop. No
/// function but waitForNews() waits for the server for more than ten seconds, and none once the wakener wakes.
/// Confined to one thread.
class NotifiedConnection
{
public:
    /// Both are borrowed and outlive the connection.
    NotifiedConnection(const Clock &clock, const Wakener &wakener)
        : m_clock(clock)
        , m_wakener(wakener)
        , m_connection(nullptr, nullptr)
    {
    }

    /// Connects and runs `statement`, a LISTEN. Errors: StoreUnavailable; what was open is closed.
    [[nodiscard]] Result<void> open(const DatabaseAddress &address, const QString &statement);
    /// Waits for notifications; see waitFor(). TimedOut, or Woken: nothing was read.
    /// Errors: StoreUnavailable if the connection is lost.
    [[nodiscard]] Result<Waited> waitForNews(std::optional<std::chrono::milliseconds> patience);
    /// Returns how many notifications have come since the last call.
    [[nodiscard]] int takeNotifications();

private:
    [[nodiscard]] Result<void> connect(const DatabaseAddress &address, SteadyTime deadline);
    [[nodiscard]] Result<void> execute(const QString &statement, SteadyTime deadline);
    [[nodiscard]] Result<void> await(short events, SteadyTime deadline);
    [[nodiscard]] std::unexpected<ApiError> trouble() const;

    const Clock &m_clock;
    const Wakener &m_wakener;
    std::unique_ptr<pg_conn, void (*)(pg_conn *)> m_connection; ///< Null until open().
};

} // namespace delta::store
