#include "gateway/http/transport/body_budget.h"

#include <utility>

namespace delta::http {

bool BodyBudget::Share::cover(qsizetype bodyBytes)
{
    const qint64 more = bodyBytes - freeBytes - m_bytes;
    if (more <= 0) {
        return true;
    }
    if (!m_budget.take(more)) {
        return false;
    }
    m_bytes += more;
    return true;
}

void BodyBudget::Share::release()
{
    if (m_bytes > 0) {
        m_budget.giveBack(std::exchange(m_bytes, 0));
    }
}

BodyBudget::BodyBudget(qint64 most)
    : m_most(most)
{
}

bool BodyBudget::take(qint64 bytes)
{
    const qint64 before = m_used.fetch_add(bytes, std::memory_order_relaxed);
    if (m_most <= 0 || before + bytes <= m_most) {
        return true;
    }
    giveBack(bytes);
    return false;
}

void BodyBudget::giveBack(qint64 bytes)
{
    m_used.fetch_sub(bytes, std::memory_order_relaxed);
}

} // namespace delta::http
