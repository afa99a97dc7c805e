#pragma once

#include "gateway/net/mail_server.h"
#include "gateway/net/mailbox.h"

#include <QByteArray>

namespace delta::net {

/// Through which server letters go out, and in whose name.
struct MailerSettings {
    MailServer server; ///< Without a host there are no letters.
    Mailbox from;
    QByteArray caFile{}; ///< PEM bundle to trust; empty: the system's.
};

/// Compares the passwords too.
[[nodiscard]] inline bool isSame(const MailerSettings &one, const MailerSettings &other)
{
    return one.server.host == other.server.host && one.server.port == other.server.port
        && one.server.security == other.server.security && one.server.user == other.server.user
        && one.server.password.reveal() == other.server.password.reveal() && one.from == other.from
        && one.caFile == other.caFile;
}

} // namespace delta::net
