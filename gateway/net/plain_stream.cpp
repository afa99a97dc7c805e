#include "gateway/net/plain_stream.h"

#include "gateway/net/output_queue.h"
#include "gateway/net/socket_peek.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace delta::net {

PlainStream::PlainStream(int fd)
    : m_fd(fd)
{
}

IoStatus PlainStream::handshake()
{
    return IoStatus::Done;
}

ByteStream::ReadResult PlainStream::read(std::span<char> buffer)
{
    while (true) {
        const ssize_t got = ::recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got > 0) {
            return {IoStatus::Done, got};
        }
        if (got == 0) {
            return {IoStatus::Ended, 0};
        }
        if (errno == EAGAIN) {
            return {IoStatus::Blocked, 0};
        }
        if (errno != EINTR) {
            m_error = errno;
            return {IoStatus::Failed, 0};
        }
    }
}

IoStatus PlainStream::write(OutputQueue &queue)
{
    m_wantsWrite = false;
    while (!queue.isEmpty()) {
        std::array<iovec, 64> vectors;
        msghdr message{};
        message.msg_iov = vectors.data();
        message.msg_iovlen = queue.fill(vectors);
        const ssize_t sent = ::sendmsg(m_fd, &message, MSG_NOSIGNAL);
        if (sent >= 0) {
            queue.advance(sent);
            m_writtenBytes += sent;
        } else if (errno == EAGAIN) {
            m_wantsWrite = true;
            return IoStatus::Blocked;
        } else if (errno != EINTR) {
            m_error = errno;
            return IoStatus::Failed;
        }
    }
    return IoStatus::Done;
}

bool PlainStream::isQuiet()
{
    return isQuietSocket(m_fd);
}

bool PlainStream::hasPending() const
{
    return false;
}

bool PlainStream::wantsWrite() const
{
    return m_wantsWrite;
}

qint64 PlainStream::writtenBytes() const
{
    return m_writtenBytes;
}

ports::UpstreamError PlainStream::error() const
{
    return {ports::UpstreamFault::Closed, QString::fromLocal8Bit(std::strerror(m_error))};
}

} // namespace delta::net
