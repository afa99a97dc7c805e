#include "gateway/ledger/system_disk.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>

namespace delta::ledger {

namespace {

std::error_code lastError()
{
    return {errno, std::generic_category()};
}

/// Turns the answer of a call that reports through errno into an error code.
std::error_code outcome(int answer)
{
    return answer == 0 ? std::error_code() : lastError();
}

/// Repeats a call that a signal interrupted: nothing went wrong, and a failed sync is never
/// forgiven.
template <typename Call>
std::error_code uninterrupted(Call call)
{
    std::error_code error;
    do {
        error = call();
    } while (error == std::errc::interrupted);
    return error;
}

} // namespace

std::expected<int, std::error_code> SystemDisk::create(const QByteArray &path)
{
    const int fd = ::open(path.constData(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0) {
        return std::unexpected(lastError());
    }
    return fd;
}

std::error_code SystemDisk::allocate(int fd, qint64 bytes)
{
    // Unlike the others this call returns the error instead of setting errno.
    return uninterrupted([fd, bytes] {
        return std::error_code(::posix_fallocate(fd, 0, bytes), std::generic_category());
    });
}

std::error_code SystemDisk::sync(int fd)
{
    return uninterrupted([fd] { return outcome(::fdatasync(fd)); });
}

std::error_code SystemDisk::syncDirectory(const QByteArray &path)
{
    const int fd = ::open(path.constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return lastError();
    }
    const std::error_code error = uninterrupted([fd] { return outcome(::fsync(fd)); });
    ::close(fd);
    return error;
}

std::error_code SystemDisk::rename(const QByteArray &from, const QByteArray &to)
{
    return outcome(std::rename(from.constData(), to.constData()));
}

std::error_code SystemDisk::truncate(const QByteArray &path, qint64 bytes)
{
    return outcome(::truncate(path.constData(), bytes));
}

std::error_code SystemDisk::remove(const QByteArray &path)
{
    return outcome(::unlink(path.constData()));
}

} // namespace delta::ledger
