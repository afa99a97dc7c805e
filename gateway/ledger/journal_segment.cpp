#include "gateway/ledger/journal_segment.h"

#include "gateway/ledger/crc32c.h"

#include <fcntl.h>
#include <QString>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstring>
#include <utility>

namespace delta::ledger {

using namespace Qt::StringLiterals;

namespace {

/// The first bytes of every segment.
struct SegmentHeader {
    std::array<char, 8> magic{'D', 'E', 'L', 'T', 'A', 'J', 'R', 'N'};
    std::uint32_t version = journalFormat;
    std::uint32_t reserved = 0;
    std::uint64_t base = 0;
    std::uint32_t checksum = 0; ///< CRC-32C of the members before it.
    std::uint32_t padding = 0;
};
static_assert(sizeof(SegmentHeader) <= JournalSegment::headerBytes);

std::uint32_t checksumOf(const SegmentHeader &header)
{
    return crc32c(
        0,
        QByteArrayView(reinterpret_cast<const char *>(&header), offsetof(SegmentHeader, checksum)));
}

std::error_code lastError()
{
    return {errno, std::generic_category()};
}

ApiError unusable(const QByteArray &path, const std::error_code &error)
{
    return ApiError::storeUnavailable(
        u"The journal cannot be used."_s,
        u"%1: %2"_s.arg(QString::fromLocal8Bit(path), QString::fromStdString(error.message())));
}

/// Unlike the header's other words the length is read and written while other threads look on.
std::atomic_ref<std::uint32_t> lengthWord(char *record)
{
    return std::atomic_ref(*reinterpret_cast<std::uint32_t *>(record));
}

} // namespace

JournalSegment::JournalSegment(const QByteArray &path, int fd)
    : m_path(path)
    , m_fd(fd)
{
}

JournalSegment::~JournalSegment()
{
    if (m_data) {
        ::munmap(m_data, static_cast<std::size_t>(m_bytes));
    }
    ::close(m_fd);
}

Result<std::shared_ptr<JournalSegment>> JournalSegment::create(JournalDisk &disk,
                                                               const QByteArray &path,
                                                               std::uint64_t base, qint64 bytes)
{
    // Only a whole segment gets the name under which it is found again.
    const QByteArray draft = path + ".tmp";
    const auto fd = disk.create(draft);
    if (!fd) {
        return failure(unusable(draft, fd.error()));
    }
    std::shared_ptr<JournalSegment> segment(new JournalSegment(path, *fd));
    std::error_code error = disk.allocate(*fd, bytes);
    if (!error) {
        error = segment->map(bytes, PROT_READ | PROT_WRITE);
    }
    if (!error) {
        segment->writeHeader(base);
        error = disk.sync(*fd);
    }
    if (!error) {
        error = disk.rename(draft, path);
    }
    if (error) {
        static_cast<void>(disk.remove(draft));
        return failure(unusable(path, error));
    }
    return segment;
}

Result<std::shared_ptr<JournalSegment>> JournalSegment::load(const QByteArray &path)
{
    const int fd = ::open(path.constData(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return failure(unusable(path, lastError()));
    }
    std::shared_ptr<JournalSegment> segment(new JournalSegment(path, fd));
    struct stat status{};
    if (::fstat(fd, &status) != 0) {
        return failure(unusable(path, lastError()));
    }
    if (status.st_size >= headerBytes) {
        if (const std::error_code error = segment->map(status.st_size, PROT_READ)) {
            return failure(unusable(path, error));
        }
        if (segment->readHeader()) {
            TRY_VOID(segment->checkVersion());
            segment->findEnd();
            return segment;
        }
    }
    return failure(ApiError::invalidRequest(
        u"%1 is not a segment of the journal."_s.arg(QString::fromLocal8Bit(path))));
}

std::error_code JournalSegment::map(qint64 bytes, int protection)
{
    void *data = ::mmap(nullptr, static_cast<std::size_t>(bytes), protection, MAP_SHARED, m_fd, 0);
    if (data == MAP_FAILED) {
        return lastError();
    }
    m_data = static_cast<char *>(data);
    m_bytes = bytes;
    return {};
}

void JournalSegment::writeHeader(std::uint64_t base)
{
    SegmentHeader header;
    header.base = base;
    header.checksum = checksumOf(header);
    std::memcpy(m_data, &header, sizeof header);
    m_base = base;
    m_version = header.version;
    m_end = firstRecord();
}

bool JournalSegment::readHeader()
{
    SegmentHeader header;
    std::memcpy(&header, m_data, sizeof header);
    m_base = header.base;
    m_version = header.version;
    return header.magic == SegmentHeader().magic && header.checksum == checksumOf(header);
}

Result<void> JournalSegment::checkVersion() const
{
    if (m_version >= 1 && m_version <= journalFormat) {
        return {};
    }
    return failure(ApiError::storeUnavailable(
        u"The journal was written by a newer version of this program."_s,
        u"%1 has format %2, this program knows %3"_s.arg(QString::fromLocal8Bit(m_path))
            .arg(m_version)
            .arg(journalFormat)));
}

void JournalSegment::findEnd()
{
    m_end = firstRecord();
    while (const auto record = recordAt(m_end)) {
        m_end = record->end();
    }
    m_isDamaged = !isUnfinishedAt(m_end);
}

/// Says whether nothing is lost behind the last record: zeros, or at most the bytes of one whose writer was killed
/// before it wrote the length.
bool JournalSegment::isUnfinishedAt(std::uint64_t offset) const
{
    const std::uint64_t reach = std::min(limit(),
                                         offset + static_cast<std::uint64_t>(maxRecordBytes));
    if (std::any_of(at(reach), m_data + m_bytes, [](char byte) { return byte != 0; })) {
        return false;
    }
    if (reach - offset < recordHeaderBytes) {
        return std::all_of(at(offset), at(reach), [](char byte) { return byte == 0; });
    }
    RecordHeader header;
    std::memcpy(&header, at(offset), sizeof header);
    if (header.type == 0) { // The head is written before the payload, so nothing was begun.
        return std::all_of(at(offset), at(reach), [](char byte) { return byte == 0; });
    }
    if (header.length != 0 || header.type > std::to_underlying(RecordType::Void)
        || header.flags != 0 || header.reserved != 0) {
        return false;
    }
    for (std::uint64_t next = offset + 8; next < reach; next += 8) {
        if (recordAt(next)) {
            return false; // Somebody went on from here, so the record before was finished once.
        }
    }
    return true;
}

bool JournalSegment::hasRoom(qsizetype payloadBytes) const
{
    return limit() - m_end >= static_cast<std::uint64_t>(recordBytes(payloadBytes));
}

std::uint64_t JournalSegment::append(RecordHeader header, QByteArrayView payload)
{
    const std::uint64_t offset = m_end;
    char *record = at(offset);
    header.checksum = placedChecksum(header.checksum, offset);
    constexpr std::size_t afterLength = offsetof(RecordHeader, type);
    std::memcpy(record + afterLength, reinterpret_cast<const char *>(&header) + afterLength,
                sizeof header - afterLength);
    std::memcpy(record + recordHeaderBytes, payload.data(),
                static_cast<std::size_t>(payload.size()));
    // A process killed before this store leaves a zero here, which says that nothing follows.
    lengthWord(record).store(header.length, std::memory_order_release);
    m_end += static_cast<std::uint64_t>(recordBytes(payload.size()));
    return offset;
}

std::optional<RecordView> JournalSegment::recordAt(std::uint64_t offset) const
{
    if (offset < firstRecord() || offset > limit() || limit() - offset < recordHeaderBytes
        || offset % 8 != 0) {
        return std::nullopt;
    }
    char *record = at(offset);
    RecordHeader header;
    header.length = lengthWord(record).load(std::memory_order_acquire);
    if (header.length == 0 || header.length > maxPayloadBytes
        || limit() - offset < static_cast<std::uint64_t>(recordBytes(header.length))) {
        return std::nullopt;
    }
    std::memcpy(&header, record, sizeof header);
    const RecordView view{offset,
                          RecordType(header.type),
                          {record + recordHeaderBytes, qsizetype(header.length)},
                          m_version};
    RecordHeader expected = makeRecordHeader(view.type, view.payload);
    expected.checksum = placedChecksum(expected.checksum, offset);
    if (std::memcmp(&header, &expected, sizeof header) != 0) {
        return std::nullopt;
    }
    return view;
}

std::error_code JournalSegment::sync(JournalDisk &disk) const
{
    return disk.sync(m_fd);
}

void JournalSegment::prepare(std::uint64_t from, std::uint64_t to) const
{
    constexpr std::uint64_t page = 4096;
    const std::uint64_t first = (from - m_base) / page * page;
    const std::uint64_t last = std::min((to - m_base + page - 1) / page * page,
                                        static_cast<std::uint64_t>(m_bytes));
    if (first < last) {
        // Only a hint: a kernel that does not know it lets the writer fault, which is slower and as
        // good.
        ::madvise(m_data + first, last - first, MADV_POPULATE_WRITE);
    }
}

} // namespace delta::ledger
