#pragma once

#include <QByteArray>
#include <QtTypes>

#include <expected>
#include <system_error>

namespace delta::ledger {

/// The system calls on which the journal's promises rest. Tests replace them to let each one fail,
/// or to die in it. Paths are in the file system's encoding. Called from the sync and applier
/// threads.
class JournalDisk
{
public:
    virtual ~JournalDisk() = default;

    /// Creates a file that must not exist yet, readable by its owner alone. Returns its descriptor.
    [[nodiscard]] virtual std::expected<int, std::error_code> create(const QByteArray &path) = 0;
    /// Gives the file its size and reserves the blocks, so that writing to it cannot run out of
    /// space.
    [[nodiscard]] virtual std::error_code allocate(int fd, qint64 bytes) = 0;
    /// Makes the file's content survive a power cut.
    [[nodiscard]] virtual std::error_code sync(int fd) = 0;
    /// Makes the names in a directory survive a power cut.
    [[nodiscard]] virtual std::error_code syncDirectory(const QByteArray &path) = 0;
    [[nodiscard]] virtual std::error_code rename(const QByteArray &from, const QByteArray &to) = 0;
    [[nodiscard]] virtual std::error_code truncate(const QByteArray &path, qint64 bytes) = 0;
    [[nodiscard]] virtual std::error_code remove(const QByteArray &path) = 0;
};

} // namespace delta::ledger
