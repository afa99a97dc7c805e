#pragma once

#include <QByteArrayView>

namespace delta::http {

/// Says whether the text is a host and perhaps a port, as the Host header has it: no user name, no
/// path, nothing that a proxy in front of us could read as another host. Source: RFC 3986 §3.2.2.
[[nodiscard]] bool isHostAndPort(QByteArrayView text);

} // namespace delta::http
