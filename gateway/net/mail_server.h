#pragma once

#include "shared/core/secret.h"

#include <QByteArray>
#include <QtTypes>

namespace delta::net {

/// How the way to a mail server is encrypted.
enum class MailSecurity {
    Auto,     ///< Tls at port 465, None at this machine itself, else StartTls.
    StartTls, ///< Asked for before anything else is said; a server without it is refused.
    Tls,      ///< From the first byte.
    None,     ///< Not at all.
};

/// A server that takes mail for others.
struct MailServer {
    QByteArray host; ///< A name or an address; empty: there is none.
    int port = 587;
    MailSecurity security = MailSecurity::Auto;
    QByteArray user; ///< Empty: it wants no password.
    Secret password;
};

/// Says whether a name or an address means this machine, so that nobody listens on the way.
[[nodiscard]] bool isThisMachine(QByteArrayView host);

/// Returns what Auto comes to for a server.
[[nodiscard]] MailSecurity securityOf(const MailServer &server);

} // namespace delta::net
