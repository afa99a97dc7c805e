#include "gateway/net/socket_peek.h"

#include <sys/socket.h>

#include <cerrno>

namespace delta::net {

bool isQuietSocket(int fd)
{
    char byte = 0;
    return ::recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && errno == EAGAIN;
}

} // namespace delta::net
