#pragma once

#include "shared/core/result.h"

#include <QString>

#include <utility>

namespace delta::store {

/// The right of one process to post to a database. Offsets identify postings, and two journals
/// would give the same ones: the second gateway's money would be taken for posted already.
/// A lock file beside the database; the kernel lets go of it when the process dies.
class LedgerLock
{
public:
    /// Errors: StoreUnavailable if another process posts to this database.
    [[nodiscard]] static Result<LedgerLock> take(const QString &databasePath);

    LedgerLock(LedgerLock &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    LedgerLock &operator=(LedgerLock &&other) noexcept
    {
        std::swap(m_fd, other.m_fd);
        return *this;
    }
    LedgerLock(const LedgerLock &) = delete;
    LedgerLock &operator=(const LedgerLock &) = delete;
    ~LedgerLock();

private:
    explicit LedgerLock(int fd)
        : m_fd(fd)
    {
    }

    int m_fd;
};

} // namespace delta::store
