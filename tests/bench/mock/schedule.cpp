#include "tests/bench/mock/schedule.h"

#include <algorithm>

namespace delta::bench {

std::optional<Schedule::Entry> Schedule::takeDue(std::int64_t now)
{
    if (m_entries.empty() || m_entries.top().dueNs > now) {
        return std::nullopt;
    }
    const Entry entry = m_entries.top();
    m_entries.pop();
    return entry;
}

std::chrono::nanoseconds Schedule::untilNext(std::int64_t now) const
{
    if (m_entries.empty()) {
        return std::chrono::nanoseconds(-1);
    }
    return std::chrono::nanoseconds(std::max<std::int64_t>(m_entries.top().dueNs - now, 0));
}

} // namespace delta::bench
