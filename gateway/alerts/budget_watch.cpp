#include "gateway/alerts/budget_watch.h"

#include "gateway/alerts/budget_alert.h"
#include "gateway/alerts/log.h"
#include "gateway/alerts/thresholds.h"
#include "shared/billing/budget_window.h"

#include <algorithm>
#include <chrono>
#include <utility>

namespace delta::alerts {

using namespace Qt::StringLiterals;

namespace {

/// A budget that was removed and made anew is told about again after this time at most.
constexpr std::chrono::minutes trust{10};
constexpr std::chrono::minutes sweep{1};
constexpr qsizetype idLength = 22; ///< 131 bits.

QString keyOf(const ports::AlertMark &mark)
{
    return u"%1 %2 %3 %4"_s.arg(mark.budgetId, mark.threshold)
        .arg(mark.amount.nanos())
        .arg(mark.window.time_since_epoch().count());
}

ports::AlertMark markOf(const ports::BudgetStanding &standing, const Reached &reached, WallTime now)
{
    ports::AlertMark mark{standing.budget.id, reached.threshold, reached.amount,
                          standing.windowBegin.value_or(WallTime()), standing.windowEnd};
    if (standing.budget.duration && standing.budget.reset == BudgetReset::Rolling) {
        mark.expiresAt = now + rollingLength(*standing.budget.duration);
    }
    return mark;
}

} // namespace

BudgetWatch::BudgetWatch(Parts parts, AlertPlan plan, QString instance)
    : m_parts(std::move(parts))
    , m_plan(std::move(plan))
    , m_instance(std::move(instance))
{
}

void BudgetWatch::useRules(std::vector<AlertRule> rules)
{
    m_plan.useRules(std::move(rules));
}

Result<int> BudgetWatch::look()
{
    const WallTime now = m_parts.clock.wall();
    for (const ports::BudgetStanding &standing : m_parts.news(now)) {
        consider(standing, now);
    }
    int queued = 0;
    while (!m_pending.empty()) {
        const Pending &next = m_pending.begin()->second;
        TRY(const bool isNews, m_parts.store.raise(next.mark, next.alert));
        if (isNews) {
            ++queued;
            qCInfo(lcAlerts, "alert %ls: budget %ls has reached %ls",
                   qUtf16Printable(next.alert.id), qUtf16Printable(next.mark.budgetId),
                   qUtf16Printable(next.mark.threshold));
        }
        m_pending.erase(m_pending.begin());
    }
    forgetOld(now);
    return queued;
}

void BudgetWatch::consider(const ports::BudgetStanding &standing, WallTime now)
{
    const Telling telling = m_plan.of(standing.budget);
    for (const Reached &reached : reachedThresholds(standing, telling.percentages)) {
        const auto told = telling.channels.find(reached.threshold);
        if (told == telling.channels.end() || told->second.isEmpty()) {
            continue;
        }
        Pending pending = pendingOf(standing, reached, told->second, now);
        const QString key = keyOf(pending.mark);
        if (m_told.value(key, WallTime::min()) > now) {
            continue;
        }
        m_told.insert(key, std::min(now + trust, pending.mark.expiresAt.value_or(now + trust)));
        m_pending.try_emplace(key, std::move(pending));
    }
}

BudgetWatch::Pending BudgetWatch::pendingOf(const ports::BudgetStanding &standing,
                                            const Reached &reached, const QStringList &channels,
                                            WallTime now) const
{
    BudgetAlert alert;
    alert.id = u"alert_"_s + QString::fromLatin1(randomText(m_parts.random, idLength));
    alert.createdAt = now;
    alert.instance = m_instance;
    alert.threshold = reached.threshold;
    alert.budget = standing.budget;
    alert.spent = standing.spent;
    alert.limit = standing.limit;
    alert.windowBegin = standing.windowBegin;
    alert.renewsAt = standing.windowEnd;
    return {markOf(standing, reached, now), {alert.id, alert.toEvent(), now, channels}};
}

void BudgetWatch::forgetOld(WallTime now)
{
    if (now - m_forgotAt < sweep && now >= m_forgotAt) {
        return;
    }
    m_forgotAt = now;
    m_told.removeIf([now](const auto &entry) { return entry.value() <= now; });
}

} // namespace delta::alerts
