#pragma once

#include "gateway/limits/budget_book.h"
#include "gateway/ports/gateway_roll.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QSet>
#include <QtTypes>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <optional>

namespace delta::limits {

/// Tells the gateways that share a database that this one is here, and looks which of them is not any more.
///
/// What one holds that never comes back is kept from the others. They may be told to forget it after a while. Then
/// it must not spend any more of what it held, should it only have hung: it uses that for half of this while after
/// it was last seen, and what it finds itself forgotten with is void.
class Presence
{
public:
    struct Parts {
        ports::GatewayRoll &roll; ///< Used by all functions but tend().
        BudgetBook &book;
        const Clock &clock;
        /// Says what others are to know of this gateway, but for its lease.
        std::function<ports::GatewayReport()> report;
        /// After which time without a sign others are forgotten; absent: never, so that no limit is ever exceeded.
        std::optional<std::chrono::milliseconds> forgetAfter;
    };

    explicit Presence(Parts parts);

    /// Puts this gateway on the roll. Before any call, and when what an earlier run held is given back. Errors:
    /// StoreUnavailable.
    [[nodiscard]] Result<void> begin();
    /// Says that it is here, if the last time was five seconds ago. On the thread of the grants, before anything
    /// is asked for or used there. Errors: StoreUnavailable.
    [[nodiscard]] Result<void> keep();
    /// Looks who is not here, if the last time was five seconds ago, and forgets whom it may. On the thread of the
    /// grants, as keep().
    void look();
    /// Sees to it that nothing is used for too long without a sign, also while the database hangs and the time of
    /// day was set back. Returns at once. Safe from any thread.
    void tend();

    /// Returns how many others hold something and were not seen for a minute. Safe from any thread.
    [[nodiscard]] qint64 lostGateways() const
    {
        return m_lost.load(std::memory_order_relaxed);
    }

private:
    [[nodiscard]] std::optional<std::chrono::milliseconds> lease() const;
    [[nodiscard]] ports::GatewayReport report() const;
    void lookAt(const ports::GatewayEntry &entry, QSet<qint64> &lost);
    [[nodiscard]] bool forget(const ports::GatewayEntry &entry);
    void extend(SteadyTime seenAt, WallTime bookTime);

    Parts m_parts;
    std::optional<SteadyTime> m_keptAt;   ///< Of keep(); absent: this gateway was not seen yet.
    std::optional<SteadyTime> m_lookedAt; ///< Of look().
    QSet<qint64> m_missed;                ///< Journals of those who are lost; each is told of once.
    std::atomic<qint64> m_lost = 0;
    std::mutex m_mutex;
    std::optional<SteadyTime> m_leaseEnd; ///< Guarded. Absent: there is none.
};

} // namespace delta::limits
