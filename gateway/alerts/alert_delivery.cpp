#include "gateway/alerts/alert_delivery.h"

#include "gateway/alerts/log.h"
#include "gateway/net/back_off.h"

#include <algorithm>
#include <utility>

namespace delta::alerts {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Longer than any call may take.
constexpr auto leaseLength = 60s;
/// A channel that does not answer costs one call's time in so long.
constexpr std::chrono::milliseconds longestRest = 30s;
constexpr std::chrono::milliseconds longestWish = 1h;
constexpr auto tidyInterval = 1min;
/// Who sends alerts gives them up itself; what is older than this beyond, nobody sends.
constexpr auto grace = 1h;

} // namespace

/// A channel and how it fares.
struct AlertDelivery::Line {
    explicit Line(std::unique_ptr<Channel> its)
        : channel(std::move(its))
        , name(channel->name())
    {
    }

    std::unique_ptr<Channel> channel;
    const QString name;
    SteadyTime restsUntil{};
    std::atomic<qint64> delivered = 0;
    std::atomic<qint64> failed = 0;
    std::atomic<qint64> givenUp = 0;
};

AlertDelivery::AlertDelivery(const Parts &parts, Channels channels, const Pace &pace)
    : m_parts(parts)
    , m_pace(pace)
{
    for (std::unique_ptr<Channel> &channel : channels) {
        m_lines.push_back(std::make_unique<Line>(std::move(channel)));
    }
}

AlertDelivery::~AlertDelivery() = default;

Result<void> AlertDelivery::sendDue(const net::SideCaller &caller)
{
    for (bool isBusy = true; isBusy;) {
        isBusy = false;
        for (const std::unique_ptr<Line> &line : m_lines) {
            if (caller.isStopped()) {
                return {};
            }
            TRY(const Turn turn, sendNext(*line, caller));
            isBusy = isBusy || turn == Turn::Sent;
        }
    }
    TRY_VOID(tidy());
    TRY(const qint64 queued, m_parts.store.queued());
    m_queued.store(queued, std::memory_order_relaxed);
    return {};
}

Result<AlertDelivery::Turn> AlertDelivery::sendNext(Line &line, const net::SideCaller &caller)
{
    if (m_parts.clock.steady() < line.restsUntil) {
        return Turn::Idle;
    }
    const WallTime now = m_parts.clock.wall();
    TRY(const auto claimed, m_parts.store.claim(line.name, {now, now + leaseLength}));
    if (!claimed) {
        return Turn::Idle;
    }
    auto alert = BudgetAlert::fromEvent(claimed->event);
    if (!alert) {
        TRY_VOID(noteFailure(line, *claimed, {u"it cannot be understood by this version"_s}));
        return Turn::Sent;
    }
    const auto sent = line.channel->send({*std::move(alert), claimed->event, now}, caller);
    if (sent) {
        TRY_VOID(noteDelivery(line, *claimed));
    } else if (caller.isStopped()) {
        TRY_VOID(m_parts.store.postpone(claimed->place, now, sent.error().reason));
    } else {
        TRY_VOID(noteFailure(line, *claimed, sent.error()));
    }
    return Turn::Sent;
}

Result<void> AlertDelivery::noteDelivery(Line &line, const ports::ClaimedAlert &claimed)
{
    line.delivered.fetch_add(1, std::memory_order_relaxed);
    qCInfo(lcAlerts, "alert %ls was delivered: %ls, attempt %d", qUtf16Printable(claimed.place.id),
           qUtf16Printable(line.name), claimed.attempts);
    return m_parts.store.deliver(claimed.place, m_parts.clock.wall());
}

Result<void> AlertDelivery::noteFailure(Line &line, const ports::ClaimedAlert &claimed,
                                        const net::SideCallFailure &failure)
{
    line.failed.fetch_add(1, std::memory_order_relaxed);
    std::chrono::milliseconds pause = net::backOff(claimed.attempts, m_parts.random);
    if (failure.retryAfter) {
        pause = std::max(pause,
                         std::min<std::chrono::milliseconds>(*failure.retryAfter, longestWish));
    }
    line.restsUntil = m_parts.clock.steady() + std::min(pause, longestRest);
    const WallTime now = m_parts.clock.wall();
    if (now + pause - claimed.createdAt < m_pace.giveUpAfter) {
        qCWarning(lcAlerts, "alert %ls has not arrived: %ls, attempt %d: %ls",
                  qUtf16Printable(claimed.place.id), qUtf16Printable(line.name), claimed.attempts,
                  qUtf16Printable(failure.reason));
        return m_parts.store.postpone(claimed.place, now + pause, failure.reason);
    }
    line.givenUp.fetch_add(1, std::memory_order_relaxed);
    qCCritical(lcAlerts, "alert %ls is given up: %ls, after %d attempts: %ls",
               qUtf16Printable(claimed.place.id), qUtf16Printable(line.name), claimed.attempts,
               qUtf16Printable(failure.reason));
    return m_parts.store.giveUp(claimed.place, now, failure.reason);
}

Result<void> AlertDelivery::tidy()
{
    const WallTime now = m_parts.clock.wall();
    if (now - m_tidiedAt < tidyInterval && now >= m_tidiedAt) {
        return {};
    }
    TRY_VOID(m_parts.store.tidy({now, now - m_pace.giveUpAfter - grace, now - m_pace.keepFor}));
    m_tidiedAt = now;
    return {};
}

std::vector<ChannelCounts> AlertDelivery::counts() const
{
    std::vector<ChannelCounts> counts;
    for (const std::unique_ptr<Line> &line : m_lines) {
        counts.push_back({line->name, line->delivered.load(std::memory_order_relaxed),
                          line->failed.load(std::memory_order_relaxed),
                          line->givenUp.load(std::memory_order_relaxed)});
    }
    return counts;
}

} // namespace delta::alerts
