#pragma once

#include <netinet/in.h>
#include <QByteArray>
#include <QtTypes>
#include <sys/socket.h>

#include <optional>

namespace delta::net {

/// An IPv4 or IPv6 address with a port, as the socket calls take it.
class SocketAddress
{
public:
    /// Reads an address literal, without brackets; nothing if the text is a name.
    [[nodiscard]] static std::optional<SocketAddress> fromLiteral(const QByteArray &text);
    /// Copies an address of the kernel or the resolver; nothing if it is neither IPv4 nor IPv6.
    [[nodiscard]] static std::optional<SocketAddress> fromSystem(const sockaddr &address);

    [[nodiscard]] SocketAddress withPort(quint16 port) const;
    [[nodiscard]] int family() const
    {
        return m_address.generic.sa_family;
    }
    [[nodiscard]] const sockaddr &data() const
    {
        return m_address.generic;
    }
    [[nodiscard]] socklen_t size() const;
    /// Returns `address:port`, for the log.
    [[nodiscard]] QByteArray toText() const;

private:
    union Storage {
        sockaddr generic;
        sockaddr_in v4;
        sockaddr_in6 v6;
    };

    Storage m_address{.v6 = {}};
};

} // namespace delta::net
