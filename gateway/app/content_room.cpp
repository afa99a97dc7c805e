#include "gateway/app/content_room.h"

#include <QLoggingCategory>

#include <algorithm>

namespace delta::app {

namespace {

Q_LOGGING_CATEGORY(lcContentRoom, "delta.content")

constexpr std::chrono::minutes removalInterval{1};

} // namespace

ContentRoom::ContentRoom(const Ground &ground)
    : m_ground(ground)
    , m_store(ground.address, ground.clock, ground.journal)
{
    m_writer.emplace(content::ContentWriter::Parts{m_desk, m_store, ground.sealer, ground.clock});
}

void ContentRoom::removeOld()
{
    const SteadyTime now = m_ground.clock.steady();
    if (now < m_nextRemoval) {
        return;
    }
    const auto keptFor = m_ground.snapshots.current()->content.keptFor;
    const Result<bool> hasMore = m_ground.store.removeContentsBefore(
        m_ground.clock.wall() - std::min(keptFor, m_ground.callsKeptFor.value_or(keptFor)));
    if (!hasMore) {
        qCWarning(lcContentRoom, "contents of calls that are no longer kept cannot be removed: %ls",
                  qUtf16Printable(hasMore.error().message));
    }
    m_nextRemoval = now + (hasMore.value_or(false) ? std::chrono::minutes(0) : removalInterval);
}

void ContentRoom::close()
{
    m_writer.reset();
}

} // namespace delta::app
