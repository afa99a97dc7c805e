#include "gateway/ledger/journal.h"

#include "gateway/ledger/log.h"

#include <algorithm>
#include <utility>

namespace delta::ledger {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 pageBytes = 4096;
constexpr qint64 smallestSegment = 16 * pageBytes;
constexpr std::size_t fewestSpares = 2;

std::uint64_t roundedToPage(std::uint64_t offset)
{
    return (offset + pageBytes - 1) / pageBytes * pageBytes;
}

/// Counts what surely fits into an empty segment, whatever the sizes of the records.
qsizetype usableBytes(const JournalSegment &segment)
{
    return static_cast<qsizetype>(segment.limit() - segment.firstRecord()) - maxRecordBytes;
}

} // namespace

ApiError journalFailed(const QString &detail)
{
    return ApiError::storeUnavailable(
        u"The gateway's journal failed. It takes no new calls until it is restarted."_s, detail);
}

Journal::Journal(const LedgerSettings &settings, std::unique_ptr<JournalDirectory> directory)
    : m_segmentBytes(static_cast<qint64>(roundedToPage(
          static_cast<std::uint64_t>(std::max<qint64>(settings.segmentBytes, smallestSegment)))))
    , m_maxBacklog(static_cast<std::uint64_t>(settings.maxBacklogBytes))
    , m_directory(std::move(directory))
{
}

Result<std::unique_ptr<Journal>> Journal::open(const LedgerSettings &settings, JournalDisk &disk,
                                               ports::JournalPosition position)
{
    TRY(auto directory, JournalDirectory::open(disk, settings.directory));
    std::unique_ptr<Journal> journal(new Journal(settings, std::move(directory)));
    TRY(auto found, journal->m_directory->load());
    TRY_VOID(journal->begin(std::move(found), position));
    return journal;
}

Result<void> Journal::begin(std::vector<SegmentPtr> found, ports::JournalPosition position)
{
    std::uint64_t base = position.applied;
    for (const SegmentPtr &segment : found) {
        noteGap(m_segments.empty() ? segment->base() : m_segments.back()->limit(), segment->base());
        if (segment->isDamaged()) {
            m_damages.push_back({segment->end(), segment->limit()});
        }
        base = std::max(base, segment->limit());
        TRY_VOID(m_directory->sync(*segment));
        m_segments.push_back(segment);
    }
    if (!m_segments.empty()) {
        noteGap(m_segments.back()->limit(), position.applied);
    }
    // Offsets are identities of postings: one that the store has seen must never be given out
    // again.
    TRY(auto current, m_directory->create(roundedToPage(base), m_segmentBytes));
    m_written = m_synced = current->firstRecord();
    m_applied = position.applied;
    m_segments.push_back(std::move(current));
    while (isShortOfSpares()) {
        TRY_VOID(addSpare());
    }
    return {};
}

/// Notes a part of the journal that is not there. Every file begins less than a page behind the end of the
/// one before it, and the store has seen no more than the header of a file that was never written to.
void Journal::noteGap(std::uint64_t from, std::uint64_t to)
{
    if (to <= from + pageBytes + JournalSegment::headerBytes) {
        return;
    }
    m_damages.push_back({from, to});
    qCCritical(
        lcLedger,
        "a part of the journal is missing, or the database has seen another journal than this "
        "one: from=%llu until=%llu",
        static_cast<unsigned long long>(from), static_cast<unsigned long long>(to));
}

void Journal::setDirtyListener(std::function<void()> listener)
{
    m_onDirty = std::move(listener);
}

void Journal::setProgressListener(std::function<void()> listener)
{
    m_onProgress = std::move(listener);
}

Result<std::uint64_t> Journal::appendOpen(QByteArrayView payload, qsizetype promise)
{
    const RecordHeader header = makeRecordHeader(RecordType::Open, payload);
    std::unique_lock lock(m_mutex);
    TRY_VOID(admit(payload.size(), promise));
    TRY(const std::uint64_t offset, place(header, payload));
    m_promised += promise;
    lock.unlock();
    noteDirty();
    return offset;
}

Result<std::uint64_t> Journal::append(RecordType type, QByteArrayView payload, qsizetype promise)
{
    const RecordHeader header = makeRecordHeader(type, payload);
    std::unique_lock lock(m_mutex);
    if (type == RecordType::Progress && !m_segments.back()->hasRoom(payload.size())
        && m_spares.size() < fewestSpares) {
        return failure(
            ApiError::storeUnavailable(u"The last spare segment is kept for settlements."_s));
    }
    TRY(const std::uint64_t offset, place(header, payload));
    m_promised -= promise;
    lock.unlock();
    if (type == RecordType::Progress) {
        noteProgress();
    } else {
        noteDirty();
    }
    return offset;
}

/// Says whether a new call may open: then its settlement will find room, whatever happens to the
/// disk.
Result<void> Journal::admit(qsizetype payloadBytes, qsizetype promise) const
{
    if (hasFailed()) {
        return failure(journalFailed(m_trouble));
    }
    if (written() - std::min(written(), m_applied) >= m_maxBacklog) {
        return failure(ApiError::storeUnavailable(
            u"The gateway's database is too far behind to take new calls. Try again later."_s));
    }
    const bool needsSpare = !m_segments.back()->hasRoom(payloadBytes);
    const qsizetype used = needsSpare && !m_spares.empty() ? usableBytes(*m_spares.front()) : 0;
    if (m_spares.empty() || spareBytes() - used < m_promised + promise) {
        return failure(ApiError::storeUnavailable(
            u"The gateway's disk has no room for new calls. Try again later."_s, m_trouble));
    }
    return {};
}

Result<std::uint64_t> Journal::place(const RecordHeader &header, QByteArrayView payload)
{
    if (!m_segments.back()->hasRoom(payload.size())) {
        if (m_spares.empty()) {
            return failure(
                ApiError::storeUnavailable(u"The gateway's journal is full."_s, m_trouble));
        }
        m_segments.push_back(std::move(m_spares.front()));
        m_spares.pop_front();
    }
    JournalSegment &segment = *m_segments.back();
    const std::uint64_t offset = segment.append(header, payload);
    m_written.store(segment.end(), std::memory_order_release);
    return offset;
}

/// Wakes the sync thread for the first record after a sync, and for that one only.
void Journal::noteDirty()
{
    if (!m_isDirty.exchange(true) && m_onDirty) {
        m_onDirty();
    }
}

void Journal::noteProgress()
{
    if (!m_isDirty.load() && !m_hasProgress.exchange(true) && m_onProgress) {
        m_onProgress();
    }
}

qsizetype Journal::spareBytes() const
{
    qsizetype bytes = 0;
    for (const SegmentPtr &spare : m_spares) {
        bytes += usableBytes(*spare);
    }
    return bytes;
}

bool Journal::isShortOfSpares() const
{
    return m_spares.size() < fewestSpares || spareBytes() < 2 * m_promised;
}

/// Only the sync thread adds spares, so the base that it computes stays the right one.
Result<void> Journal::addSpare()
{
    std::unique_lock lock(m_mutex);
    const JournalSegment &last = m_spares.empty() ? *m_segments.back() : *m_spares.back();
    const std::uint64_t base = last.limit();
    lock.unlock();
    TRY(auto spare, m_directory->create(base, m_segmentBytes));
    lock.lock();
    m_spares.push_back(std::move(spare));
    return {};
}

bool Journal::prepareSegments()
{
    const auto isShort = [this] {
        const std::scoped_lock lock(m_mutex);
        return isShortOfSpares();
    };
    while (isShort()) {
        if (const Result<void> added = addSpare(); !added) {
            setTrouble(added.error().detail);
            return false;
        }
    }
    setTrouble({});
    return true;
}

void Journal::setTrouble(const QString &text)
{
    const std::scoped_lock lock(m_mutex);
    // The first reason to fail stays: what follows it is its consequence.
    if (hasFailed() || m_trouble == text) {
        return;
    }
    if (text.isEmpty()) {
        qCInfo(lcLedger, "the journal has room again");
    } else if (m_trouble.isEmpty()) {
        qCCritical(
            lcLedger,
            "the journal has no room; new calls are refused when its spares are used: error=\"%s\"",
            qPrintable(text));
    }
    m_trouble = text;
}

QString Journal::trouble() const
{
    const std::scoped_lock lock(m_mutex);
    return m_trouble;
}

std::shared_ptr<const JournalSegment> Journal::segmentAt(std::uint64_t offset) const
{
    const std::scoped_lock lock(m_mutex);
    const auto holds = [offset](const SegmentPtr &segment) { return segment->limit() > offset; };
    const auto found = std::ranges::find_if(m_segments, holds);
    return found == m_segments.end() ? nullptr : *found;
}

std::vector<Journal::SegmentPtr> Journal::unsynced() const
{
    std::vector<SegmentPtr> segments;
    for (const SegmentPtr &segment : m_segments) {
        if (segment->end() > synced()) {
            segments.push_back(segment);
        }
    }
    return segments;
}

Result<void> Journal::sync()
{
    m_isDirty = false;
    m_hasProgress = false;
    std::unique_lock lock(m_mutex);
    const std::uint64_t target = written();
    const std::vector<SegmentPtr> segments = unsynced();
    lock.unlock();
    if (hasFailed()) {
        return failure(journalFailed(trouble()));
    }
    // Oldest first: a younger record is never safer than an older one.
    for (const SegmentPtr &segment : segments) {
        if (const Result<void> synced = m_directory->sync(*segment); !synced) {
            setTrouble(synced.error().detail);
            m_hasFailed = true;
            qCCritical(lcLedger, "the journal failed; no new calls until a restart: error=\"%s\"",
                       qPrintable(synced.error().detail));
            return synced;
        }
    }
    const std::uint64_t before = m_synced.exchange(target, std::memory_order_acq_rel);
    if (!segments.empty()) {
        segments.back()->prepare(target, target + (target - before));
    }
    return {};
}

void Journal::release(ports::JournalPosition position)
{
    const std::uint64_t needed = std::min(position.applied, position.retain);
    std::vector<SegmentPtr> retired;
    std::unique_lock lock(m_mutex);
    m_applied = position.applied;
    while (m_segments.size() > 1 && m_segments.front()->end() <= needed) {
        retired.push_back(std::move(m_segments.front()));
        m_segments.pop_front();
    }
    lock.unlock();
    for (const SegmentPtr &segment : retired) {
        m_directory->retire(*segment);
    }
}

} // namespace delta::ledger
