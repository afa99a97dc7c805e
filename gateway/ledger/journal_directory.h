#pragma once

#include "gateway/ledger/journal_disk.h"
#include "gateway/ledger/journal_segment.h"
#include "shared/core/result.h"

#include <QByteArray>
#include <QString>

#include <cstdint>
#include <memory>
#include <vector>

namespace delta::ledger {

/// The folder of the segments: who may use it, and which file is which.
/// A segment is called by its base in hexadecimal, so that names sort as the journal does:
///   0000000000001000.journal   a segment
///   0000000000001000.damaged   set aside for people, because part of it could not be read
///   lock                       held while a process uses the folder
class JournalDirectory
{
public:
    /// Takes the folder, which is made if need be. `disk` must outlive the result.
    /// Errors: StoreUnavailable if it cannot be made, or if another process has it.
    [[nodiscard]] static Result<std::unique_ptr<JournalDirectory>> open(JournalDisk &disk,
                                                                        const QString &path);
    ~JournalDirectory();
    JournalDirectory(const JournalDirectory &) = delete;
    JournalDirectory &operator=(const JournalDirectory &) = delete;

    /// Maps all segments that hold records, in order, and tidies up what a killed process left.
    [[nodiscard]] Result<std::vector<std::shared_ptr<JournalSegment>>> load();
    /// Makes the segment that begins at `base`.
    [[nodiscard]] Result<std::shared_ptr<JournalSegment>> create(std::uint64_t base, qint64 bytes);
    /// Makes the segment's records survive a power cut.
    [[nodiscard]] Result<void> sync(const JournalSegment &segment);
    /// Lets go of the file of a segment that nobody needs any more. A damaged one is set aside.
    void retire(const JournalSegment &segment);

private:
    JournalDirectory(JournalDisk &disk, const QByteArray &path, int lock);
    [[nodiscard]] Result<std::shared_ptr<JournalSegment>> loadOne(const QByteArray &name);
    [[nodiscard]] Result<std::shared_ptr<JournalSegment>> trimmed(
        const std::shared_ptr<JournalSegment> &segment);
    void setAside(const QByteArray &path);
    void removeFile(const QByteArray &path);

    JournalDisk &m_disk;
    QByteArray m_path;
    int m_lock = -1;
};

} // namespace delta::ledger
