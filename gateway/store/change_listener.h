#pragma once

#include "gateway/store/database_address.h"
#include "shared/core/clock.h"

#include <QtTypes>

#include <atomic>
#include <chrono>
#include <functional>
#include <thread>

namespace delta::store {

class NotifiedConnection;

/// Hears at once when any process changes keys, budgets or rate limits in a PostgreSQL. It has a thread and a
/// connection of its own, and asks nothing of the database but to be told. What happens while there is no
/// connection, or behind a pooler that tells nobody, goes unheard: whoever must not miss a change also looks from
/// time to time.
class ChangeListener
{
public:
    struct Parts {
        DatabaseAddress address; ///< Of a PostgreSQL.
        const Clock &clock;      ///< Borrowed; outlives the listener.
        /// Hears that something has changed, or may have while nobody listened. Called on the listener's thread,
        /// and must not wait. Returns for how long it is not to be called again: what changes meanwhile, however
        /// often, is one more call after that.
        std::function<std::chrono::milliseconds()> changed;
    };

    explicit ChangeListener(Parts parts);
    ~ChangeListener();
    ChangeListener(const ChangeListener &) = delete;
    ChangeListener &operator=(const ChangeListener &) = delete;

    /// Ends the thread, at once whatever the database does; at worst after the look-up of its name. Nothing is
    /// called from then on.
    void stop();

    /// Says whether there is a connection that is told. Safe from any thread.
    [[nodiscard]] bool isListening() const
    {
        return m_isListening.load(std::memory_order_relaxed);
    }
    /// Returns how often the database told of changes. Safe from any thread.
    [[nodiscard]] qint64 notifications() const
    {
        return m_notifications.load(std::memory_order_relaxed);
    }

private:
    void run(const std::stop_token &stop);
    void listen(NotifiedConnection &connection);
    void tell();

    const Parts m_parts;
    std::atomic<bool> m_isListening = false;
    std::atomic<qint64> m_notifications = 0;
    SteadyTime m_restsUntil{};   ///< Of the thread, as the next: when tell() may call again.
    bool m_isLossLogged = false; ///< That there is no connection, since there was one.
    std::jthread m_thread;       ///< Last, so that it starts when all else is there.
};

} // namespace delta::store
