#pragma once

#include "gateway/net/mailbox.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/clock.h"

#include <QByteArray>
#include <QString>

#include <vector>

namespace delta::net {

/// What a mail says, and to whom.
struct MailMessage {
    Mailbox from;
    std::vector<Mailbox> to;
    QString subject;
    QString text;               ///< Lines end with a line feed.
    WallTime date{};            ///< When it is sent.
    QByteArray id;              ///< Unique; what stands before the @ of its Message-ID.
    ports::HeaderList fields{}; ///< Further ones of its head, in ASCII.

    /// Returns the whole message as RFC 5322 has it. Its text is in base64, so that no line is too long and no server
    /// has to rewrite it. It says that a program wrote it (RFC 3834), so that no other one answers.
    [[nodiscard]] QByteArray toBytes() const;
};

} // namespace delta::net
