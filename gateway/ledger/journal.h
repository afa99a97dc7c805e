#pragma once

#include "gateway/ledger/journal_directory.h"
#include "gateway/ledger/journal_record.h"
#include "gateway/ledger/journal_segment.h"
#include "gateway/ledger/ledger_settings.h"
#include "gateway/ports/spend_store.h"
#include "shared/core/result.h"

#include <QByteArrayView>

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace delta::ledger {

/// Part of the journal that cannot be read: `from` is the offset of the first unreadable byte.
struct JournalDamage {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
};

/// Makes the error of everything that a failed journal refuses.
[[nodiscard]] ApiError journalFailed(const QString &detail);

/// The append-only record of calls, in preallocated and memory-mapped segments. To append is to
/// copy bytes under a short lock: no system call, and what was copied survives the death of the
/// process.
/// Two whole segments are kept ready ahead. One of them is the reserve out of which calls that are
/// already open can still be settled when the disk is full; new calls are refused before it is
/// touched. append() and the getters are for any thread; the other functions name theirs.
class Journal
{
public:
    /// Opens the folder of the settings and begins a new segment behind everything that was ever
    /// written there or applied to the store. `disk` must outlive the journal.
    /// Errors: StoreUnavailable.
    [[nodiscard]] static Result<std::unique_ptr<Journal>> open(const LedgerSettings &settings,
                                                               JournalDisk &disk,
                                                               ports::JournalPosition position);

    /// Sets who hears that there is something to sync. Call it before other threads append.
    void setDirtyListener(std::function<void()> listener);
    /// Sets who hears that there is nothing to sync but the progress of calls, which may wait: of a
    /// stream it comes many times a second, and it is of use only if the call never ends.
    void setProgressListener(std::function<void()> listener);

    /// Appends the record that opens a call, and promises room for its settlement: `promise` bytes.
    /// Errors: StoreUnavailable if a sync failed, the disk is full, or the store is too far behind.
    [[nodiscard]] Result<std::uint64_t> appendOpen(QByteArrayView payload, qsizetype promise);
    /// Appends a record of an open call and takes back the promise that was made to it (zero:
    /// none).
    /// Errors: StoreUnavailable if there is no room, which a promise rules out.
    [[nodiscard]] Result<std::uint64_t> append(RecordType type, QByteArrayView payload,
                                               qsizetype promise);

    /// Returns the segment that holds `offset`, or the next one after it; null if there is none.
    [[nodiscard]] std::shared_ptr<const JournalSegment> segmentAt(std::uint64_t offset) const;
    /// Returns what was unreadable when the journal was opened.
    [[nodiscard]] const std::vector<JournalDamage> &damages() const
    {
        return m_damages;
    }

    /// Makes what is written now survive a power cut. Only on one thread. After an error the
    /// journal has failed for good: a kernel that could not write a page forgets it, so a second
    /// sync proves nothing.
    [[nodiscard]] Result<void> sync();
    /// Keeps segments ready. Only on the thread of sync(). Returns false while the disk refuses
    /// them.
    bool prepareSegments();
    /// Lets go of the segments that the store does not need any more. Only on one thread.
    void release(ports::JournalPosition position);

    /// Returns the offset behind the last record.
    [[nodiscard]] std::uint64_t written() const
    {
        return m_written.load(std::memory_order_acquire);
    }
    /// Returns the offset up to which everything survives a power cut.
    [[nodiscard]] std::uint64_t synced() const
    {
        return m_synced.load(std::memory_order_acquire);
    }
    [[nodiscard]] bool hasFailed() const
    {
        return m_hasFailed.load(std::memory_order_acquire);
    }
    /// Says why the journal failed or has no room; empty while all is well.
    [[nodiscard]] QString trouble() const;

private:
    using SegmentPtr = std::shared_ptr<JournalSegment>;

    Journal(const LedgerSettings &settings, std::unique_ptr<JournalDirectory> directory);
    [[nodiscard]] Result<void> begin(std::vector<SegmentPtr> found,
                                     ports::JournalPosition position);
    [[nodiscard]] Result<void> admit(qsizetype payloadBytes, qsizetype promise) const;
    [[nodiscard]] Result<std::uint64_t> place(const RecordHeader &header, QByteArrayView payload);
    void noteGap(std::uint64_t from, std::uint64_t to);
    void noteDirty();
    void noteProgress();
    [[nodiscard]] qsizetype spareBytes() const;
    [[nodiscard]] bool isShortOfSpares() const;
    [[nodiscard]] Result<void> addSpare();
    void setTrouble(const QString &text);
    [[nodiscard]] std::vector<SegmentPtr> unsynced() const;

    const qint64 m_segmentBytes;
    const std::uint64_t m_maxBacklog;
    const std::unique_ptr<JournalDirectory> m_directory;
    std::vector<JournalDamage> m_damages;
    std::function<void()> m_onDirty;
    std::function<void()> m_onProgress;

    mutable std::mutex m_mutex;        ///< Guards the members below.
    std::deque<SegmentPtr> m_segments; ///< In order; the last one is written.
    std::deque<SegmentPtr> m_spares;   ///< Ready and empty, in order, following the last segment.
    qsizetype m_promised = 0;
    std::uint64_t m_applied = 0;
    QString m_trouble;

    std::atomic<std::uint64_t> m_written = 0;
    std::atomic<std::uint64_t> m_synced = 0;
    std::atomic<bool> m_hasFailed = false;
    std::atomic<bool> m_isDirty = false;     ///< Whether the listener was told since the last sync.
    std::atomic<bool> m_hasProgress = false; ///< The same of the other listener.
};

} // namespace delta::ledger
