#include "gateway/limits/rate_loader.h"

#include <QSet>

#include <utility>

namespace delta::limits {

Result<void> RateLoader::refresh()
{
    TRY_VOID(load());
    prune();
    return {};
}

Result<void> RateLoader::load()
{
    TRY(const qint64 version, m_parts.store.rateLimitVersion());
    if (m_version == version) {
        return {};
    }
    // The version was read before the limits: what changes in between is loaded once more.
    TRY(std::vector<RateLimit> stored, m_parts.store.loadRateLimits());
    QSet<RateSubject> subjects;
    for (const RateLimit &limit : stored) {
        subjects.insert(limit.subject);
    }
    // All that was known and is not in the store.
    std::vector<RateLimit> gone = std::exchange(m_gone, {});
    gone.insert(gone.end(), m_stored.begin(), m_stored.end());
    std::erase_if(gone,
                  [&subjects](const RateLimit &limit) { return subjects.contains(limit.subject); });
    std::vector<RateLimit> all = stored;
    all.insert(all.end(), gone.begin(), gone.end());
    m_parts.directory.replace(RateTable(all));
    m_stored = std::move(stored);
    m_gone = std::move(gone);
    m_version = version;
    return {};
}

void RateLoader::prune()
{
    if (!m_gone.empty()) {
        m_gone.clear();
        m_parts.directory.replace(RateTable(m_stored));
    }
}

} // namespace delta::limits
