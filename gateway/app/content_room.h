#pragma once

#include "gateway/content/content_desk.h"
#include "gateway/content/content_writer.h"
#include "gateway/pipeline/snapshot.h"
#include "gateway/ports/sealer.h"
#include "gateway/store/database_address.h"
#include "gateway/store/store.h"
#include "shared/core/clock.h"

#include <QString>

#include <chrono>
#include <optional>

namespace delta::app {

/// What keeps what calls ask and are answered, where somebody wants it: the desk that calls leave it at, the thread that
/// writes it, and what removes it again.
class ContentRoom
{
public:
    /// What a room is built from. Borrowed; outlives it.
    struct Ground {
        store::Store &store;            ///< Of the store queue.
        store::DatabaseAddress address; ///< Of the same store; so the next.
        QString journal;
        ports::Sealer &sealer;
        const pipeline::SnapshotSource &snapshots;
        const Clock &clock;
        std::optional<std::chrono::milliseconds>
            callsKeptFor; ///< No content is kept for longer than its call; absent: for ever.
    };

    explicit ContentRoom(const Ground &ground);

    [[nodiscard]] content::ContentDesk &desk()
    {
        return m_desk;
    }
    /// Returns what became of contents. Safe from any thread.
    [[nodiscard]] content::ContentCounts counts() const
    {
        return m_desk.counts();
    }
    /// Removes what is no longer kept: each minute, and at once where a portion was not all. On the store queue.
    void removeOld();
    /// Writes what waits, and ends the thread.
    void close();

private:
    const Ground m_ground;
    SteadyTime m_nextRemoval{}; ///< The store queue's.
    store::Store m_store;       ///< Of the writer's thread.
    content::ContentDesk m_desk;
    std::optional<content::ContentWriter> m_writer; ///< Last: its thread uses the others.
};

} // namespace delta::app
