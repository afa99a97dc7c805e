#pragma once

#include "gateway/content/content_draft.h"

#include <QtTypes>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <vector>

namespace delta::content {

/// What became of the contents of calls.
struct ContentCounts {
    qint64 stored = 0;
    qint64 dropped = 0; ///< There was no room in memory, or no time at the end.
    qint64 failed = 0;  ///< They could not be redacted, sealed or written.
};

/// Where calls leave what is to be kept of them, and the writer fetches it. Nobody who leaves something ever waits: where
/// there is no room it is dropped and counted. Safe from any thread.
class ContentDesk
{
public:
    /// Begins to gather what a call asks and is answered. The desk must outlive the draft.
    [[nodiscard]] ContentDraft begin(QByteArray request, const ContentSettings &settings)
    {
        return {std::move(request), settings, m_held};
    }
    /// Leaves what a call that is settled asked and was answered.
    void leave(CallContent content);
    /// Waits until there is something, or `stop`; returns at most `most` of it.
    [[nodiscard]] std::vector<CallContent> take(std::size_t most, const std::stop_token &stop);

    void countStored(qint64 contents)
    {
        m_stored.fetch_add(contents, std::memory_order_relaxed);
    }
    void countDropped(qint64 contents)
    {
        m_dropped.fetch_add(contents, std::memory_order_relaxed);
    }
    void countFailed(qint64 contents)
    {
        m_failed.fetch_add(contents, std::memory_order_relaxed);
    }
    [[nodiscard]] ContentCounts counts() const
    {
        return {m_stored.load(std::memory_order_relaxed), m_dropped.load(std::memory_order_relaxed),
                m_failed.load(std::memory_order_relaxed)};
    }

private:
    std::atomic<qint64> m_held = 0; ///< Bytes of all drafts, also of those that wait here.
    std::atomic<qint64> m_stored = 0;
    std::atomic<qint64> m_dropped = 0;
    std::atomic<qint64> m_failed = 0;
    std::mutex m_mutex; ///< Guards m_waiting.
    std::condition_variable_any m_changed;
    std::vector<CallContent> m_waiting;
};

} // namespace delta::content
