#pragma once

#include <QByteArray>
#include <sys/socket.h>

namespace delta::http {

/// Returns the address as text, e.g. "192.0.2.7" or "2001:db8::7"; IPv4 mapped into IPv6 is written
/// as
/// IPv4, so that one client has one name on every listener. "unknown" for other families.
[[nodiscard]] QByteArray addressText(const sockaddr_storage &address);

} // namespace delta::http
