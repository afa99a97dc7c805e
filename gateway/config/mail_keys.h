#pragma once

#include "gateway/alerts/alert_settings.h"
#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"
#include "gateway/config/read_value.h"
#include "gateway/config/value.h"
#include "gateway/net/mail_server.h"
#include "gateway/net/mailer_settings.h"

#include <QStringList>

#include <array>

namespace delta::config {

/// Reads the name or the address of a mail server.
void readMailHost(const Value &value, QByteArray &host);

/// Makes the keys of a section that names a mail server, which lies at a path of members of Config.
template <auto... Path>
constexpr std::array<Key<ConfigDraft>, 5> mailServerKeys(QLatin1StringView ifAbsent)
{
    using namespace Qt::StringLiterals;
    using net::MailServer;
    return {{
        Key<ConfigDraft>{.name = "host"_L1,
                         .meaning = ifAbsent,
                         .type = "text"_L1,
                         .read =
                             [](const Value &value, const Limits &, ConfigDraft &draft) {
                                 readMailHost(value, (draft.config.*....*Path).host);
                             }},
        setting<Path..., &MailServer::port>("port"_L1, "Of the mail server."_L1, {1, 65'535}),
        setting<Path..., &MailServer::security>(
            "security"_L1, "auto: tls at port 465, none at this machine, else starttls."_L1),
        setting<Path..., &MailServer::user>("username"_L1,
                                            "At the mail server; absent: none is needed."_L1),
        setting<Path..., &MailServer::password>("password"_L1, "Of that user."_L1),
    }};
}

/// Reports what is wrong together in the section at `section`, which names a mail server.
void checkMailServer(const Value &root, const QStringList &section, const net::MailServer &server);

/// Reads general_settings.public_url.
void readPublicUrl(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Takes LiteLLM's SMTP_* of the environment that `value` was read in, all of them at once. Returns settings without a
/// host where there are none, or where they are wrong, which is then reported at `value`.
[[nodiscard]] net::MailerSettings mailOfEnvironment(const Value &value);

/// Reports settings of letters that are right one by one and wrong together, and completes them: what the file does
/// not say is the mail server of the alerts, and the address that single sign-on comes back to. `root` is the whole
/// file.
void checkMail(const Value &root, Config &config);

} // namespace delta::config
