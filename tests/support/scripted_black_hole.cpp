#include "tests/support/scripted_black_hole.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace delta::test {

namespace {

int makeSocket()
{
    return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

/// Connects once more and says whether the queue still took it.
bool isTaken(int fd, const sockaddr_in &address)
{
    ::connect(fd, reinterpret_cast<const sockaddr *>(&address), sizeof address);
    // On loopback a handshake that is not done at once never will be: its first packet was dropped.
    pollfd polled{fd, POLLOUT, 0};
    return ::poll(&polled, 1, 50) > 0;
}

} // namespace

ScriptedBlackHole::ScriptedBlackHole(const QByteArray &address, quint16 port)
    : m_listener(makeSocket())
{
    sockaddr_in bound{};
    bound.sin_family = AF_INET;
    bound.sin_port = htons(port);
    ::inet_pton(AF_INET, address.constData(), &bound.sin_addr);
    auto *generic = reinterpret_cast<sockaddr *>(&bound);
    socklen_t size = sizeof bound;
    if (::bind(m_listener, generic, size) != 0 || ::listen(m_listener, 0) != 0
        || ::getsockname(m_listener, generic, &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "black hole");
    }
    m_port = ntohs(bound.sin_port);
    do {
        m_fillers.push_back(makeSocket());
    } while (isTaken(m_fillers.back(), bound));
}

ScriptedBlackHole::~ScriptedBlackHole()
{
    for (const int fd : m_fillers) {
        ::close(fd);
    }
    ::close(m_listener);
}

} // namespace delta::test
