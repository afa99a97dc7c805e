#include "gateway/limits/spend_window.h"

#include <algorithm>

namespace delta::limits {

namespace {

/// A zone that this machine does not know must not make a window without a length.
QTimeZone zoneOf(const Budget &budget)
{
    QTimeZone zone(budget.timeZone.toLatin1());
    return zone.isValid() ? zone : QTimeZone::utc();
}

} // namespace

SpendWindow::SpendWindow(const Budget &budget, WallTime now)
    : m_duration(budget.duration)
    , m_zone(zoneOf(budget))
    , m_lastReset(budget.lastReset.value_or(WallTime::min()))
    , m_window{WallTime::min(), WallTime::max()}
{
    if (!m_duration) {
        return;
    }
    if (budget.reset == BudgetReset::Rolling) {
        m_rolling.emplace(rollingLength(*m_duration));
    }
    m_window = {WallTime::min(), WallTime::min()};
    advance(now);
}

void SpendWindow::advance(WallTime now)
{
    if (now < (m_rolling ? m_rolling->end() : m_window.end)) {
        return;
    }
    if (m_rolling) {
        m_rolling->advance(now);
        return;
    }
    m_window = windowAt(*m_duration, m_zone, now);
    m_spent = Money();
}

void SpendWindow::add(Money amount, WallTime at)
{
    advance(at);
    if (at < m_lastReset) {
        return;
    }
    if (m_rolling) {
        m_rolling->add(amount, at);
    } else if (at >= m_window.begin) {
        m_spent += amount;
    }
}

void SpendWindow::add(const std::vector<ports::Spending> &spendings, WallTime now)
{
    // Our clock may be behind that of the gateway whose reset it was.
    const WallTime latest = std::max(now, m_lastReset);
    for (const ports::Spending &spending : spendings) {
        add(spending.amount, std::min(spending.at, latest));
    }
}

WallTime SpendWindow::begin() const
{
    return std::max(m_lastReset, m_rolling ? m_rolling->begin() : m_window.begin);
}

std::optional<WallTime> SpendWindow::renewsAt() const
{
    if (!m_duration) {
        return std::nullopt;
    }
    return m_rolling ? m_rolling->firstForgottenAt() : m_window.end;
}

} // namespace delta::limits
