#include "gateway/ledger/spend_applier.h"

#include "gateway/ledger/call_record.h"
#include "gateway/ledger/journal.h"
#include "gateway/ledger/log.h"

#include <pthread.h>

#include <algorithm>

namespace delta::ledger {

namespace {

/// Large enough that a transaction costs little per entry, small enough that it blocks no other
/// writer.
constexpr std::size_t maxBatch = 4000;
/// How much unapplied journal ends the wait for the interval: about a batch.
constexpr std::uint64_t fullBatchBytes = 1024 * 1024;
constexpr std::chrono::seconds storeRetry{1};

std::int64_t nanoseconds(SteadyTime time)
{
    return std::chrono::duration_cast<std::chrono::nanoseconds>(time.time_since_epoch()).count();
}

} // namespace

SpendApplier::SpendApplier(const Parts &parts, ports::JournalPosition position,
                           std::chrono::milliseconds interval)
    : m_parts(parts)
    , m_interval(interval)
    , m_start(position)
    , m_reader(parts.journal, position.retain)
    // A reader that stands at the end has nothing to read before it either.
    , m_applied(m_reader.position() >= parts.journal.synced()
                    ? std::max(position.applied, m_reader.position())
                    : position.applied)
    , m_thread([this] { run(); })
{
    ::pthread_setname_np(m_thread.native_handle(), "spend-applier");
}

SpendApplier::~SpendApplier()
{
    stop();
}

void SpendApplier::stop()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_wakeup.notify_one();
    if (m_thread.joinable()) {
        m_thread.join();
    }
}

void SpendApplier::wake()
{
    {
        const std::scoped_lock lock(m_mutex);
        // Woken once for a batch, not once for every sync that fills it.
        if (!m_isIdle
            && m_parts.journal.synced() - std::min(m_parts.journal.synced(), applied())
                < fullBatchBytes) {
            return;
        }
    }
    m_wakeup.notify_one();
}

bool SpendApplier::waitUntilApplied(std::uint64_t offset, std::chrono::milliseconds timeout)
{
    std::unique_lock lock(m_mutex);
    ++m_flushes;
    m_wakeup.notify_one();
    const bool isApplied = m_progress.wait_for(lock, timeout,
                                               [this, offset] { return applied() >= offset; });
    --m_flushes;
    return isApplied;
}

std::chrono::milliseconds SpendApplier::lag() const
{
    const std::int64_t since = m_behindSince.load(std::memory_order_relaxed);
    if (since == 0) {
        return {};
    }
    const std::chrono::nanoseconds waited(nanoseconds(m_parts.clock.steady()) - since);
    return std::max(std::chrono::duration_cast<std::chrono::milliseconds>(waited),
                    std::chrono::milliseconds(0));
}

QString SpendApplier::lastError() const
{
    const std::scoped_lock lock(m_mutex);
    return m_lastError;
}

void SpendApplier::run()
{
    while (waitForWork()) {
        drain();
    }
    drain();
}

/// Returns false when the thread is to end.
bool SpendApplier::waitForWork()
{
    std::unique_lock lock(m_mutex);
    const auto mustHurry = [this] { return m_isStopping || m_flushes > 0; };
    const auto synced = [this] { return m_parts.journal.synced(); };
    m_isIdle = true;
    m_wakeup.wait(lock, [this, synced] {
        return m_isStopping || !m_batch.empty() || synced() > m_reader.position();
    });
    m_isIdle = false;
    if (!m_batch.empty()) {
        m_wakeup.wait_for(lock, storeRetry, [this] { return m_isStopping; });
    } else {
        m_behindSince.store(nanoseconds(m_parts.clock.steady()), std::memory_order_relaxed);
        m_wakeup.wait_for(lock, m_interval, [this, synced, mustHurry] {
            return mustHurry() || synced() - m_reader.position() >= fullBatchBytes;
        });
    }
    return !m_isStopping;
}

/// Applies until nothing is left or the store refuses.
void SpendApplier::drain()
{
    while (collect()) {
        if (!post()) {
            return;
        }
    }
    m_behindSince.store(0, std::memory_order_relaxed);
}

/// Reads on, up to a full batch, unless a refused batch still waits. Returns false if nothing is
/// new.
bool SpendApplier::collect()
{
    if (!m_batch.empty()) {
        return true;
    }
    const std::uint64_t until = m_parts.journal.synced();
    const std::uint64_t before = m_reader.position();
    const std::int64_t now = nanoseconds(m_parts.clock.steady());
    while (m_batch.size() < maxBatch) {
        const auto record = m_reader.next(until);
        if (!record) {
            m_behindSince.store(now, std::memory_order_relaxed);
            break;
        }
        take(*record);
    }
    return m_reader.position() > before;
}

void SpendApplier::take(const RecordView &record)
{
    const std::uint64_t call = openOffsetOf(record).value_or(record.offset);
    switch (record.type) {
    case RecordType::Open:
        // Older calls have ended even if the record of their end is gone.
        if (call >= m_start.retain) {
            m_openCalls.insert(call);
        }
        return;
    case RecordType::Progress:
        return;
    case RecordType::Void:
        m_openCalls.erase(call);
        return;
    case RecordType::Settle:
        m_openCalls.erase(call);
        break;
    }
    if (record.offset < m_start.applied) {
        return;
    }
    if (auto entry = entryOf(record)) {
        m_batch.push_back({record.offset, std::move(*entry)});
    } else {
        qCCritical(lcLedger,
                   "a settlement in the journal cannot be read and is skipped: offset=%llu",
                   static_cast<unsigned long long>(record.offset));
    }
}

ports::JournalPosition SpendApplier::position() const
{
    const std::uint64_t applied = std::max(m_reader.position(), m_start.applied);
    return {applied, m_openCalls.empty() ? applied : *m_openCalls.begin()};
}

/// Returns false if the store did not take the batch, which then waits for the next attempt.
bool SpendApplier::post()
{
    if (!m_batch.empty()) {
        if (const Result<void> posted = m_parts.store.apply(m_batch, position()); !posted) {
            noteOutcome(posted.error().message + u' ' + posted.error().detail);
            return false;
        }
        m_batch.clear();
    }
    m_parts.journal.release(position());
    m_applied.store(position().applied, std::memory_order_release);
    noteOutcome({});
    return true;
}

void SpendApplier::noteOutcome(const QString &error)
{
    {
        const std::scoped_lock lock(m_mutex);
        if (m_lastError.isEmpty() && !error.isEmpty()) {
            qCCritical(lcLedger,
                       "the database takes no entries; the journal keeps them: error=\"%s\"",
                       qPrintable(error));
        } else if (!m_lastError.isEmpty() && error.isEmpty()) {
            qCInfo(lcLedger, "the database takes entries again");
        }
        m_lastError = error;
    }
    m_progress.notify_all();
}

} // namespace delta::ledger
