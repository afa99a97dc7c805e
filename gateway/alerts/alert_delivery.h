#pragma once

#include "gateway/alerts/channel.h"
#include "gateway/net/side_caller.h"
#include "gateway/ports/alert_store.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"

#include <QString>

#include <atomic>
#include <chrono>
#include <memory>
#include <vector>

namespace delta::alerts {

/// What a channel has done since the start.
struct ChannelCounts {
    QString channel;
    qint64 delivered = 0;
    qint64 failed = 0;  ///< Attempts that did not succeed, the last ones included.
    qint64 givenUp = 0; ///< Alerts that will not arrive.
};

/// Sends what the outbox holds. At least once: who dies between sending and saying so leaves a claim,
/// and when that ends the alert is sent again, with the same id. A channel that fails rests before it
/// is tried again, so that it does not keep the others waiting. Confined to one thread at a time, but
/// for counts() and queued().
class AlertDelivery
{
public:
    struct Parts {
        ports::AlertStore &store;
        const Clock &clock;
        Random &random;
    };
    struct Pace {
        std::chrono::milliseconds giveUpAfter; ///< As in AlertSettings.
        std::chrono::milliseconds keepFor;
    };

    AlertDelivery(const Parts &parts, Channels channels, const Pace &pace);
    ~AlertDelivery();
    AlertDelivery(const AlertDelivery &) = delete;
    AlertDelivery &operator=(const AlertDelivery &) = delete;

    /// Sends all that is due, in turn through the channels, until nothing is or the caller is stopped.
    /// Errors: StoreUnavailable; it may be called again.
    [[nodiscard]] Result<void> sendDue(const net::SideCaller &caller);

    /// Returns the counts of each channel. Safe from any thread.
    [[nodiscard]] std::vector<ChannelCounts> counts() const;
    /// Returns how many alerts waited when sendDue() last ended. Safe from any thread.
    [[nodiscard]] qint64 queued() const
    {
        return m_queued.load(std::memory_order_relaxed);
    }

private:
    struct Line;
    /// Whether a channel had anything to send.
    enum class Turn { Idle, Sent };

    [[nodiscard]] Result<Turn> sendNext(Line &line, const net::SideCaller &caller);
    [[nodiscard]] Result<void> noteDelivery(Line &line, const ports::ClaimedAlert &claimed);
    [[nodiscard]] Result<void> noteFailure(Line &line, const ports::ClaimedAlert &claimed,
                                           const net::SideCallFailure &failure);
    [[nodiscard]] Result<void> tidy();

    const Parts m_parts;
    const Pace m_pace;
    std::vector<std::unique_ptr<Line>> m_lines;
    std::atomic<qint64> m_queued = 0;
    WallTime m_tidiedAt{};
};

} // namespace delta::alerts
