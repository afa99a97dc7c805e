#pragma once

#include "gateway/net/mail_server.h"
#include "gateway/net/mailbox.h"
#include "shared/core/secret.h"

#include <QByteArray>

#include <chrono>
#include <vector>

namespace delta::alerts {

/// Where alerts are posted to as JSON.
struct WebhookSettings {
    Secret url;    ///< Empty: there is no webhook.
    Secret secret; ///< What they are signed with; empty: they are not.
};

/// Where alerts are posted to in a chat's form.
struct SlackSettings {
    Secret url; ///< Of an incoming webhook; whoever has it can write there. Empty: there is none.
};

/// Who gets alerts by mail.
struct EmailSettings {
    net::MailServer server; ///< Without a host there is no e-mail.
    net::Mailbox from;
    std::vector<net::Mailbox> to;
};

/// How people are told of budgets.
struct AlertSettings {
    std::vector<int> thresholds{50, 80, 100}; ///< Percentages of a budget, 1 to 100, ascending.
    WebhookSettings webhook;
    SlackSettings slack;
    EmailSettings email;
    QByteArray caFile; ///< PEM bundle to trust; empty: the system's.
    /// After how long an alert that did not arrive is given up.
    std::chrono::milliseconds giveUpAfter{std::chrono::hours(24)};
    /// How long those that have arrived, or were given up, can be listed.
    std::chrono::milliseconds keepFor{std::chrono::days(7)};

    /// Says whether there is anybody to tell.
    [[nodiscard]] bool hasChannels() const;
    /// Compares the secrets too.
    bool operator==(const AlertSettings &other) const;
};

} // namespace delta::alerts
