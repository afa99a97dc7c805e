#include "gateway/limits/spend_window.h"

#include <algorithm>

namespace delta::limits {

namespace {

using std::chrono::milliseconds;

constexpr int stepsPerWindow = 60;

} // namespace

SpendWindow::SpendWindow(const Budget &budget, WallTime now)
    : m_duration(budget.duration)
    , m_zone(budget.timeZone.toLatin1())
    , m_window{WallTime::min(), WallTime::max()}
{
    if (!m_duration) {
        return;
    }
    if (budget.reset == BudgetReset::Rolling) {
        // Rounded up, so that the steps together are not shorter than the window.
        m_step = (rollingLength(*m_duration) + milliseconds(stepsPerWindow - 1)) / stepsPerWindow;
    }
    m_window = {WallTime::min(), WallTime::min()};
    advance(now);
}

void SpendWindow::advance(WallTime now)
{
    if (now < m_window.end) {
        return;
    }
    if (!isRolling()) {
        m_window = windowAt(*m_duration, m_zone, now);
        m_spent = Money();
        return;
    }
    const WallTime current = stepAt(now);
    m_window = {current - stepsPerWindow * m_step, current + m_step};
    while (!m_slots.empty() && m_slots.front().begin < m_window.begin) {
        m_spent = m_spent - m_slots.front().spent;
        m_slots.pop_front();
    }
}

void SpendWindow::add(Money amount, WallTime at)
{
    advance(at);
    if (at < m_window.begin) {
        return;
    }
    if (isRolling()) {
        addToSlot(amount, at);
    }
    m_spent += amount;
}

WallTime SpendWindow::begin() const
{
    return m_window.begin;
}

std::optional<WallTime> SpendWindow::renewsAt() const
{
    if (!m_duration) {
        return std::nullopt;
    }
    if (!isRolling()) {
        return m_window.end;
    }
    const WallTime oldest = m_slots.empty() ? m_window.begin : m_slots.front().begin;
    return oldest + (stepsPerWindow + 1) * m_step;
}

WallTime SpendWindow::stepAt(WallTime at) const
{
    const auto since = at.time_since_epoch();
    const auto into = since % m_step;
    return at - (into < milliseconds::zero() ? into + m_step : into);
}

void SpendWindow::addToSlot(Money amount, WallTime at)
{
    const WallTime begin = stepAt(at);
    auto slot = std::ranges::lower_bound(m_slots, begin, {}, &Slot::begin);
    if (slot == m_slots.end() || slot->begin != begin) {
        slot = m_slots.insert(slot, Slot{begin, Money()});
    }
    slot->spent += amount;
}

} // namespace delta::limits
