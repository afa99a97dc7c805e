#include "gateway/http/transport/peer_address.h"

#include <arpa/inet.h>
#include <netinet/in.h>

#include <array>
#include <cstring>

namespace delta::http {

namespace {

QByteArray textOf(int family, const void *address)
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    return ::inet_ntop(family, address, text.data(), text.size());
}

} // namespace

QByteArray addressText(const sockaddr_storage &address)
{
    if (address.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &address, sizeof v4);
        return textOf(AF_INET, &v4.sin_addr);
    }
    if (address.ss_family != AF_INET6) {
        return "unknown";
    }
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    constexpr std::size_t mappedPrefix = 12;
    return IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)
        ? textOf(AF_INET, v6.sin6_addr.s6_addr + mappedPrefix)
        : textOf(AF_INET6, &v6.sin6_addr);
}

QByteArray clientNetwork(const sockaddr_storage &address)
{
    sockaddr_in6 v6{};
    std::memcpy(&v6, &address, sizeof v6);
    if (address.ss_family != AF_INET6 || IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr)) {
        return addressText(address);
    }
    constexpr std::size_t prefixBytes = 8;
    std::memset(v6.sin6_addr.s6_addr + prefixBytes, 0, sizeof v6.sin6_addr - prefixBytes);
    return textOf(AF_INET6, &v6.sin6_addr) + "/64";
}

} // namespace delta::http
