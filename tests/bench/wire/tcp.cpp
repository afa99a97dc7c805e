#include "tests/bench/wire/tcp.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace delta::bench {

namespace {

constexpr int backlog = 4096;

sockaddr_in addressOf(const std::string &address, std::uint16_t port)
{
    sockaddr_in made{};
    made.sin_family = AF_INET;
    made.sin_port = htons(port);
    ::inet_pton(AF_INET, address.c_str(), &made.sin_addr);
    return made;
}

int makeSocket()
{
    return ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

void setOption(int descriptor, int level, int option)
{
    const int on = 1;
    ::setsockopt(descriptor, level, option, &on, sizeof on);
}

[[noreturn]] void giveUp(int descriptor, const char *call)
{
    const int error = errno;
    ::close(descriptor);
    throw std::system_error(error, std::generic_category(), call);
}

} // namespace

int listenOnLoopback(std::uint16_t port)
{
    const int descriptor = makeSocket();
    setOption(descriptor, SOL_SOCKET, SO_REUSEADDR);
    const sockaddr_in address = addressOf("127.0.0.1", port);
    if (::bind(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
        || ::listen(descriptor, backlog) != 0) {
        giveUp(descriptor, "listen");
    }
    return descriptor;
}

std::uint16_t portOf(int listener)
{
    sockaddr_in address{};
    socklen_t size = sizeof address;
    if (::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0) {
        throw std::system_error(errno, std::generic_category(), "getsockname");
    }
    return ntohs(address.sin_port);
}

int acceptOne(int listener)
{
    return ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
}

int beginConnect(std::uint16_t port, const std::string &source)
{
    const int descriptor = makeSocket();
    const sockaddr_in from = addressOf(source, 0);
    const sockaddr_in to = addressOf("127.0.0.1", port);
    // Without this the kernel picks the port before it knows the destination, and soon runs out.
    setOption(descriptor, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT);
    if (::bind(descriptor, reinterpret_cast<const sockaddr *>(&from), sizeof from) != 0) {
        giveUp(descriptor, "bind");
    }
    if (::connect(descriptor, reinterpret_cast<const sockaddr *>(&to), sizeof to) != 0
        && errno != EINPROGRESS) {
        giveUp(descriptor, "connect");
    }
    return descriptor;
}

} // namespace delta::bench
