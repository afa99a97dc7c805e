#include "gateway/net/mail_server.h"

#include <algorithm>

namespace delta::net {

namespace {

constexpr int tlsPort = 465;

/// Every address of 127.0.0.0/8 is this machine; "127.example.com" is not.
bool isLoopbackAddress(QByteArrayView host)
{
    return host.startsWith("127.")
        && std::ranges::all_of(host, [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

} // namespace

bool isThisMachine(QByteArrayView host)
{
    return host == "localhost" || host == "::1" || host == "[::1]" || isLoopbackAddress(host);
}

MailSecurity securityOf(const MailServer &server)
{
    if (server.security != MailSecurity::Auto) {
        return server.security;
    }
    if (server.port == tlsPort) {
        return MailSecurity::Tls;
    }
    return isThisMachine(server.host) ? MailSecurity::None : MailSecurity::StartTls;
}

} // namespace delta::net
