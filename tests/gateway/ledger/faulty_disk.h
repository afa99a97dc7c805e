#pragma once

#include "gateway/ledger/system_disk.h"

#include <atomic>
#include <cerrno>
#include <mutex>

namespace delta::test {

/// The real disk, in which calls can be made to fail. Safe from any thread.
class FaultyDisk final : public ledger::JournalDisk
{
public:
    std::atomic<int> allocateError = 0; ///< An errno, or zero for success.
    std::atomic<int> syncError = 0;
    std::atomic<int> syncs = 0; ///< How often sync() was called.
    std::mutex syncGate;        ///< Held by a test: sync() waits.

    std::expected<int, std::error_code> create(const QByteArray &path) override
    {
        return m_disk.create(path);
    }
    std::error_code allocate(int fd, qint64 bytes) override
    {
        const int error = allocateError;
        return error ? std::error_code(error, std::generic_category()) : m_disk.allocate(fd, bytes);
    }
    std::error_code sync(int fd) override
    {
        const std::scoped_lock lock(syncGate);
        ++syncs;
        const int error = syncError;
        return error ? std::error_code(error, std::generic_category()) : m_disk.sync(fd);
    }
    std::error_code syncDirectory(const QByteArray &path) override
    {
        return m_disk.syncDirectory(path);
    }
    std::error_code rename(const QByteArray &from, const QByteArray &to) override
    {
        return m_disk.rename(from, to);
    }
    std::error_code truncate(const QByteArray &path, qint64 bytes) override
    {
        return m_disk.truncate(path, bytes);
    }
    std::error_code remove(const QByteArray &path) override
    {
        return m_disk.remove(path);
    }

private:
    ledger::SystemDisk m_disk;
};

} // namespace delta::test
