#pragma once

#include "gateway/ledger/journal_disk.h"
#include "gateway/ledger/journal_record.h"
#include "shared/core/result.h"

#include <QByteArray>

#include <cstdint>
#include <memory>
#include <optional>

namespace delta::ledger {

/// One file of the journal, mapped into memory: a header, records, and zeros.
/// Written by one thread at a time (the journal's lock sees to it); read by any, up to an offset
/// that the reader got from the journal. Unmapped and closed with its last owner; the file stays.
class JournalSegment
{
public:
    static constexpr qsizetype headerBytes = 64;

    /// Makes a new, empty segment of `bytes` that begins at `base`, safe from a power cut.
    /// Errors: StoreUnavailable; then no file is left.
    [[nodiscard]] static Result<std::shared_ptr<JournalSegment>> create(JournalDisk &disk,
                                                                        const QByteArray &path,
                                                                        std::uint64_t base,
                                                                        qint64 bytes);
    /// Maps an existing segment for reading and finds where its valid records end.
    /// Errors: StoreUnavailable if the file cannot be read or is of a newer format, InvalidRequest
    /// if it is no segment.
    [[nodiscard]] static Result<std::shared_ptr<JournalSegment>> load(const QByteArray &path);

    ~JournalSegment();
    JournalSegment(const JournalSegment &) = delete;
    JournalSegment &operator=(const JournalSegment &) = delete;

    /// Returns the offset of the first byte of the file.
    [[nodiscard]] std::uint64_t base() const
    {
        return m_base;
    }
    [[nodiscard]] std::uint64_t firstRecord() const
    {
        return m_base + headerBytes;
    }
    /// Returns the offset after the last byte of the file: the earliest base of the next segment.
    [[nodiscard]] std::uint64_t limit() const
    {
        return m_base + static_cast<std::uint64_t>(m_bytes);
    }
    /// Returns the offset after the last record. For the writer, or of a segment that is no longer
    /// written.
    [[nodiscard]] std::uint64_t end() const
    {
        return m_end;
    }
    /// Says whether something other than zeros, or than a record that was never finished, follows the
    /// valid records of a loaded segment.
    [[nodiscard]] bool isDamaged() const
    {
        return m_isDamaged;
    }
    [[nodiscard]] const QByteArray &path() const
    {
        return m_path;
    }

    [[nodiscard]] bool hasRoom(qsizetype payloadBytes) const;
    /// Appends a record for which there is room and returns its offset. No system call.
    std::uint64_t append(RecordHeader header, QByteArrayView payload);
    /// Returns the record at `offset`, or nothing if no valid record begins there.
    [[nodiscard]] std::optional<RecordView> recordAt(std::uint64_t offset) const;
    /// Makes everything that was appended survive a power cut.
    [[nodiscard]] std::error_code sync(JournalDisk &disk) const;
    /// Lets the kernel prepare the pages of [from, to) for writing, so that appending does not
    /// fault.
    void prepare(std::uint64_t from, std::uint64_t to) const;

private:
    JournalSegment(const QByteArray &path, int fd);
    [[nodiscard]] std::error_code map(qint64 bytes, int protection);
    void writeHeader(std::uint64_t base);
    [[nodiscard]] bool readHeader();
    [[nodiscard]] Result<void> checkVersion() const;
    void findEnd();
    [[nodiscard]] bool isUnfinishedAt(std::uint64_t offset) const;
    [[nodiscard]] char *at(std::uint64_t offset) const
    {
        return m_data + (offset - m_base);
    }

    QByteArray m_path;
    int m_fd = -1;
    char *m_data = nullptr;
    qint64 m_bytes = 0;
    std::uint32_t m_version = 0;
    std::uint64_t m_base = 0;
    std::uint64_t m_end = 0;
    bool m_isDamaged = false;
};

} // namespace delta::ledger
