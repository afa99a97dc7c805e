#pragma once

#include "gateway/content/content_settings.h"
#include "gateway/routing/catalog.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>

namespace delta::pipeline {

/// Everything that a reload may change about calls. Immutable: a call takes one at its start and
/// never sees two.
struct Snapshot {
    routing::Catalog catalog;
    qsizetype maxResponseBytes = 64LL * 1024 * 1024; ///< Of an unstreamed answer of a provider.
    std::optional<int> maxParallelRequests;          ///< Of the whole gateway; absent: no limit.
    bool mayShorten = true; ///< Answers, so that a budget can pay for them.
    content::ContentSettings content;
    std::uint64_t version = 1; ///< Counts up with every reload.
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// Holds the snapshot that new calls take. Safe from any thread.
class SnapshotSource
{
public:
    explicit SnapshotSource(SnapshotPtr first)
        : m_current(std::move(first))
    {
    }
    [[nodiscard]] SnapshotPtr current() const
    {
        return m_current.load(std::memory_order_acquire);
    }
    void replace(SnapshotPtr next)
    {
        m_current.store(std::move(next), std::memory_order_release);
    }

private:
    std::atomic<SnapshotPtr> m_current;
};

} // namespace delta::pipeline
