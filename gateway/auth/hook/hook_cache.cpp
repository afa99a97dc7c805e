#include "gateway/auth/hook/hook_cache.h"

#include <utility>

namespace delta::auth {

std::optional<HookCache::Facts> HookCache::find(const QByteArray &name, SteadyTime now)
{
    auto found = m_young.constFind(name);
    if (found == m_young.constEnd()) {
        if (!m_old.contains(name)) {
            return std::nullopt;
        }
        found = m_young.insert(name, m_old.take(name));
    }
    if (found->end <= now) {
        m_young.erase(found);
        return std::nullopt;
    }
    return found->facts;
}

void HookCache::insert(const QByteArray &name, Facts facts, SteadyTime end)
{
    if (m_young.size() >= m_capacity) {
        m_old = std::exchange(m_young, {});
    }
    m_young.insert(name, {std::move(facts), end});
}

} // namespace delta::auth
