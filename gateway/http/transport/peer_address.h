#pragma once

#include <QByteArray>
#include <sys/socket.h>

namespace delta::http {

/// Returns the address as text, e.g. "192.0.2.7" or "2001:db8::7"; IPv4 mapped into IPv6 is written
/// as
/// IPv4, so that one client has one name on every listener. "unknown" for other families.
[[nodiscard]] QByteArray addressText(const sockaddr_storage &address);

/// Returns what counts as one client: an IPv4 address as above, or the first 64 bits of an IPv6
/// address, e.g. "2001:db8::/64", because whoever has one address of such a network has them all.
/// Source: RFC 7421.
[[nodiscard]] QByteArray clientNetwork(const sockaddr_storage &address);

} // namespace delta::http
