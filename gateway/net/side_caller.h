#pragma once

#include "gateway/net/mail_server.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QByteArrayList>
#include <QString>

#include <chrono>
#include <expected>
#include <optional>
#include <stop_token>
#include <utility>

namespace delta::net {

/// How side calls are made.
struct SideCallSettings {
    std::chrono::milliseconds timeout{15'000}; ///< Of a whole call, the name's look-up included.
    QByteArray caFile{};                       ///< PEM bundle to trust; empty: the system's.
};

/// Why a side call did not do what it was for.
struct SideCallFailure {
    QString reason; ///< For the log: one line, without an address's path and without credentials.
    std::optional<std::chrono::seconds> retryAfter{}; ///< What the other side asked for.
};

/// A message for an HTTP server.
struct SidePost {
    Secret url; ///< http or https; its path may be a credential, as in the hooks of chats.
    ports::HeaderList fields;
    QByteArray body;
};

/// A question to an HTTP server.
struct SideRequest {
    QByteArray method; ///< GET or POST.
    Secret url;        ///< http or https.
    ports::HeaderList fields{};
    Secret body{}; ///< Of POST.
};

/// What it answers, whatever the status.
struct SideAnswer {
    int status = 0;
    Secret body; ///< At most 1 MiB.
};

/// A message for a mail server.
struct SideMail {
    MailServer server;
    QByteArray from; ///< Bare address.
    QByteArrayList to;
    QByteArray message; ///< Head and body as RFC 5322 has them, with CR LF at each line's end.
};

/// Makes calls that are no one's to wait for but this thread's: it blocks until they are over. Follows
/// no redirect, asks no proxy, checks certificates, and speaks no protocol but the one that is asked for.
/// Confined to one thread at a time.
class SideCaller
{
public:
    using Outcome = std::expected<void, SideCallFailure>;

    /// A call under way ends, as a failure, within a second after `stop` is requested.
    SideCaller(SideCallSettings settings, std::stop_token stop)
        : m_settings(std::move(settings))
        , m_stop(std::move(stop))
    {
    }

    /// Sends a message by POST. A status of 2xx is success, any other a failure.
    [[nodiscard]] Outcome post(const SidePost &post) const;
    /// Asks a question and returns the answer, which is a failure only if there is none, or more than 1 MiB of it.
    [[nodiscard]] std::expected<SideAnswer, SideCallFailure> ask(const SideRequest &request) const;
    /// Hands a message to a mail server. A recipient whom the server refuses stops no other; it is a
    /// failure if it takes the message for nobody.
    [[nodiscard]] Outcome mail(const SideMail &mail) const;
    /// Says whether calls are to end.
    [[nodiscard]] bool isStopped() const
    {
        return m_stop.stop_requested();
    }

private:
    const SideCallSettings m_settings;
    const std::stop_token m_stop;
};

} // namespace delta::net
