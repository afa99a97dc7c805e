#include "gateway/net/socket_address.h"

#include <arpa/inet.h>

#include <array>

namespace delta::net {

std::optional<SocketAddress> SocketAddress::fromLiteral(const QByteArray &text)
{
    SocketAddress result;
    if (::inet_pton(AF_INET, text.constData(), &result.m_address.v4.sin_addr) == 1) {
        result.m_address.v4.sin_family = AF_INET;
        return result;
    }
    if (::inet_pton(AF_INET6, text.constData(), &result.m_address.v6.sin6_addr) == 1) {
        result.m_address.v6.sin6_family = AF_INET6;
        return result;
    }
    return std::nullopt;
}

std::optional<SocketAddress> SocketAddress::fromSystem(const sockaddr &address)
{
    SocketAddress result;
    if (address.sa_family == AF_INET) {
        result.m_address.v4 = reinterpret_cast<const sockaddr_in &>(address);
        return result;
    }
    if (address.sa_family == AF_INET6) {
        result.m_address.v6 = reinterpret_cast<const sockaddr_in6 &>(address);
        return result;
    }
    return std::nullopt;
}

SocketAddress SocketAddress::withPort(quint16 port) const
{
    // The port stands at the same place in both kinds of address.
    SocketAddress result = *this;
    result.m_address.v4.sin_port = htons(port);
    return result;
}

socklen_t SocketAddress::size() const
{
    return family() == AF_INET ? sizeof(sockaddr_in) : sizeof(sockaddr_in6);
}

QByteArray SocketAddress::toText() const
{
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void *address = family() == AF_INET ? static_cast<const void *>(&m_address.v4.sin_addr)
                                              : static_cast<const void *>(&m_address.v6.sin6_addr);
    ::inet_ntop(family(), address, text.data(), text.size());
    const QByteArray port = QByteArray::number(ntohs(m_address.v4.sin_port));
    return family() == AF_INET ? text.data() + (':' + port)
                               : '[' + QByteArray(text.data()) + "]:" + port;
}

} // namespace delta::net
