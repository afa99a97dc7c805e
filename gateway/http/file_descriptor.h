#pragma once

#include <unistd.h>

#include <utility>

namespace delta::http {

/// Owns a file descriptor.
class FileDescriptor final
{
public:
    FileDescriptor() = default;
    explicit FileDescriptor(int fd)
        : m_fd(fd)
    {
    }
    FileDescriptor(FileDescriptor &&other) noexcept
        : m_fd(std::exchange(other.m_fd, -1))
    {
    }
    FileDescriptor &operator=(FileDescriptor &&other) noexcept
    {
        reset(std::exchange(other.m_fd, -1));
        return *this;
    }
    FileDescriptor(const FileDescriptor &) = delete;
    FileDescriptor &operator=(const FileDescriptor &) = delete;
    ~FileDescriptor()
    {
        reset();
    }

    [[nodiscard]] int get() const
    {
        return m_fd;
    }
    [[nodiscard]] bool isOpen() const
    {
        return m_fd >= 0;
    }
    /// Gives up ownership without closing.
    int release()
    {
        return std::exchange(m_fd, -1);
    }
    /// Closes what it owns and takes over `fd`.
    void reset(int fd = -1)
    {
        if (m_fd >= 0) {
            ::close(m_fd);
        }
        m_fd = fd;
    }

private:
    int m_fd = -1;
};

} // namespace delta::http
