#include "gateway/store/ledger_lock.h"

#include <fcntl.h>
#include <QFile>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace delta::store {

using namespace Qt::StringLiterals;

Result<LedgerLock> LedgerLock::take(const QString &databasePath)
{
    const QString path = databasePath + u"-ledger-lock"_s;
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) {
        const std::error_code error(errno, std::generic_category());
        return failure(
            ApiError::storeUnavailable(u"The gateway's database cannot be written."_s,
                                       path + u": "_s + QString::fromStdString(error.message())));
    }
    LedgerLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        return failure(ApiError::storeUnavailable(
            u"Another gateway posts to this database already. Stop it, or give this one a database of its own."_s,
            path));
    }
    return lock;
}

LedgerLock::~LedgerLock()
{
    if (m_fd >= 0) {
        ::close(m_fd);
    }
}

} // namespace delta::store
