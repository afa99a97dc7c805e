#include "gateway/config/mail_keys.h"

#include "gateway/config/nearest_value.h"
#include "gateway/config/redis_keys.h"
#include "gateway/config/safe_url.h"
#include "gateway/config/scalar_text.h"
#include "gateway/net/mailbox.h"
#include "shared/core/secret.h"

#include <QUrl>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using net::MailerSettings;
using net::MailServer;

constexpr int highestPort = 65'535;

constexpr std::array lettersKeys{
    setting<&Config::mail, &MailerSettings::from>("from"_L1, "Who sends."_L1),
    setting<&Config::mail, &MailerSettings::caFile>(
        "ca_file"_L1, "PEM bundle of trusted authorities; absent: the system's."_L1),
};
constexpr std::array mailKeys = joined(
    mailServerKeys<&Config::mail, &MailerSettings::server>(
        "Mail server for letters to people; absent: the one of alerts."_L1),
    lettersKeys);

bool isHost(const QString &text)
{
    return std::ranges::all_of(text, [](QChar c) {
        return c.unicode() < 128 && (c.isLetterOrNumber() || u".-:[]_"_s.contains(c));
    });
}

bool isPublicUrl(const QString &text)
{
    return isSafeUrl(text) && !QUrl(text).hasQuery();
}

QString withoutSlashes(QString url)
{
    while (url.endsWith(u'/')) {
        url.chop(1);
    }
    return url;
}

void takeDefaults(Config &config)
{
    MailerSettings &mail = config.mail;
    if (mail.server.host.isEmpty() && !config.alerts.email.server.host.isEmpty()) {
        mail.server = config.alerts.email.server;
        mail.caFile = mail.caFile.isEmpty() ? config.alerts.caFile : mail.caFile;
        mail.from = mail.from.address.isEmpty() ? config.alerts.email.from : mail.from;
    }
}

/// What the file does not say is LiteLLM's variable, or else where single sign-on comes back to.
void takePublicUrl(const Value &root, Config &config)
{
    if (!config.publicUrl.isEmpty()) {
        return;
    }
    constexpr auto callback = "/ui/api/auth/oidc/callback"_L1;
    const QString named = root.reading().environment.value(u"PROXY_BASE_URL"_s).trimmed();
    if (isPublicUrl(named)) {
        config.publicUrl = withoutSlashes(named);
    } else if (config.sso.redirectUri.endsWith(callback)) {
        config.publicUrl = config.sso.redirectUri.chopped(callback.size());
    }
}

} // namespace

constinit const Table<ConfigDraft> mailTable{mailKeys};

void readMailHost(const Value &value, QByteArray &host)
{
    const auto text = value.text();
    if (text && !isHost(*text)) {
        value.fail(u"must be the name or the address of a mail server, without port"_s);
    } else if (text) {
        host = text->toLatin1();
    }
}

void checkMailServer(const Value &root, const QStringList &section, const MailServer &server)
{
    const auto place = [&root, &section](const QString &key) {
        return nearestValue(root, section + QStringList{key});
    };
    if (server.user.isEmpty() != server.password.isEmpty()) {
        const bool lacksUser = server.user.isEmpty();
        place(lacksUser ? u"password"_s : u"username"_s)
            .fail(u"needs %1 as well"_s.arg(lacksUser ? u"username"_s : u"password"_s));
    }
    if (!server.host.isEmpty() && server.security == net::MailSecurity::None
        && !net::isThisMachine(server.host)) {
        place(u"security"_s).warn(u"lets everybody on the way read what is sent, passwords too"_s);
    }
}

void readPublicUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    if (!isPublicUrl(*text)) {
        value.fail(u"must be an https URL such as https://gateway.example.com, without a user, "
                   "password or query"_s);
        return;
    }
    draft.config.publicUrl = withoutSlashes(*text);
}

MailerSettings mailOfEnvironment(const Value &value)
{
    const auto variable = [&value](const QString &name) {
        return value.reading().environment.value(name).trimmed();
    };
    const QString host = variable(u"SMTP_HOST"_s);
    if (host.isEmpty() || !isHost(host)) {
        if (!host.isEmpty()) {
            value.fail(u"the environment variable SMTP_HOST must be the name of a mail server"_s);
        }
        return {};
    }
    MailerSettings mail;
    mail.server.host = host.toLatin1();
    mail.server.user = variable(u"SMTP_USERNAME"_s).toUtf8();
    mail.server.password = Secret(variable(u"SMTP_PASSWORD"_s).toUtf8());
    const QString port = variable(u"SMTP_PORT"_s);
    const auto number = parseInteger(port);
    if (number && *number >= 1 && *number <= highestPort) {
        mail.server.port = static_cast<int>(*number);
    } else if (!port.isEmpty()) {
        value.fail(u"the environment variable SMTP_PORT must be a port"_s);
    }
    const QString sender = variable(u"SMTP_SENDER_EMAIL"_s);
    const auto mailbox = net::Mailbox::fromText(sender);
    if (mailbox) {
        mail.from = *mailbox;
    } else if (!sender.isEmpty()) {
        value.fail(u"the environment variable SMTP_SENDER_EMAIL "_s + mailbox.error());
    }
    return mail;
}

void checkMail(const Value &root, Config &config)
{
    const QStringList section{u"general_settings"_s, u"mail"_s};
    const auto place = [&root, &section](const QString &key) {
        return nearestValue(root, section + QStringList{key});
    };
    const bool isAsked = !config.mail.server.host.isEmpty();
    checkMailServer(root, section, config.mail.server);
    if (!isAsked && !config.mail.server.user.isEmpty()) {
        place(u"username"_s).fail(u"needs host as well"_s);
    }
    takeDefaults(config);
    takePublicUrl(root, config);
    const bool isMeant = !config.mail.from.address.isEmpty() || !config.mail.caFile.isEmpty();
    if (config.mail.server.host.isEmpty() && isMeant) {
        place(config.mail.caFile.isEmpty() ? u"from"_s : u"ca_file"_s)
            .fail(u"needs host as well"_s);
    } else if (isAsked && config.mail.from.address.isEmpty()) {
        place(u"host"_s).fail(u"needs from as well"_s);
    } else if (isAsked && config.publicUrl.isEmpty()) {
        place(u"host"_s).warn(
            u"has no effect without general_settings.public_url: links are shown, not mailed"_s);
    }
}

} // namespace delta::config
