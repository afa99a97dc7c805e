#include "gateway/http/transport/plain_stream.h"

#include <sys/socket.h>

#include <cerrno>

namespace delta::http {

namespace {

bool isTransient(int error)
{
    return error == EAGAIN || error == EINTR;
}

} // namespace

IoResult PlainStream::handshake()
{
    return {};
}

IoResult PlainStream::read(std::span<char> target)
{
    const ssize_t count = ::recv(m_fd, target.data(), target.size(), 0);
    if (count > 0) {
        return {IoResult::Status::Done, count};
    }
    if (count == 0) {
        return {IoResult::Status::End};
    }
    return {isTransient(errno) ? IoResult::Status::WouldRead : IoResult::Status::Broken};
}

IoResult PlainStream::write(std::span<const iovec> source)
{
    msghdr message{};
    message.msg_iov = const_cast<iovec *>(source.data()); // sendmsg() does not change it.
    message.msg_iovlen = source.size();
    const ssize_t count = ::sendmsg(m_fd, &message, MSG_NOSIGNAL);
    if (count >= 0) {
        return {IoResult::Status::Done, count};
    }
    return {isTransient(errno) ? IoResult::Status::WouldWrite : IoResult::Status::Broken};
}

void PlainStream::endWriting()
{
    ::shutdown(m_fd, SHUT_WR);
}

bool PlainStream::hasHiddenInput() const
{
    return false;
}

} // namespace delta::http
