#include "gateway/config/alert_keys.h"

#include "gateway/config/key_tables.h"
#include "gateway/config/mail_keys.h"
#include "gateway/config/nearest_value.h"
#include "gateway/config/redis_keys.h"
#include "gateway/net/mail_server.h"
#include "gateway/net/mailer_settings.h"
#include "shared/core/quoted.h"

#include <QUrl>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using alerts::AlertSettings;
using alerts::EmailSettings;
using alerts::SlackSettings;
using alerts::WebhookSettings;

constexpr qint64 oneYear = 365 * oneDay;

/// Takes percentages in any order; an empty list is none.
void readThresholds(const Value &value, const Limits &, ConfigDraft &draft)
{
    if (value.node().kind != YamlNode::Kind::List) {
        failKind(value, "a list of percentages"_L1);
        return;
    }
    std::vector<int> thresholds(value.node().items.size());
    for (std::size_t i = 0; i < thresholds.size(); ++i) {
        read(value.at(i), Limits{1, 100}, thresholds[i]);
    }
    std::ranges::sort(thresholds);
    const auto [rest, end] = std::ranges::unique(thresholds);
    thresholds.erase(rest, end);
    draft.config.alerts.thresholds = std::move(thresholds);
}

bool isHttpUrl(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    const bool isPlain = std::ranges::all_of(text, [](QChar c) { return c > u' ' && c <= u'~'; });
    return isPlain && url.isValid() && !url.host().isEmpty()
        && (url.scheme() == "https"_L1 || url.scheme() == "http"_L1);
}

/// Never shows the URL: whoever has it can write there.
void readUrl(const Value &value, Secret &target)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    const QString url = text->trimmed();
    if (!isHttpUrl(url)) {
        value.fail(u"must be a URL such as https://hooks.example.com/alerts"_s);
        return;
    }
    const QString host = QUrl(url).host();
    if (url.startsWith("http:"_L1) && !net::isThisMachine(host.toLatin1())) {
        value.warn(u"is not encrypted: everybody on the way can read what is sent there"_s);
    }
    value.reading().holdsSecrets |= !value.isReferenced();
    target = Secret(url.toLatin1());
}

void readWebhookUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    readUrl(value, draft.config.alerts.webhook.url);
}

void readSlackUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    readUrl(value, draft.config.alerts.slack.url);
}

template <auto... Path>
constexpr Key<ConfigDraft> alert(QLatin1StringView name, QLatin1StringView meaning,
                                 Limits limits = {})
{
    return setting<&Config::alerts, Path...>(name, meaning, limits);
}

constexpr std::array webhookKeys{
    Key<ConfigDraft>{.name = "url"_L1,
                     .meaning = "Where alerts are posted to as JSON; absent: nowhere."_L1,
                     .type = "URL"_L1,
                     .read = readWebhookUrl},
    alert<&AlertSettings::webhook, &WebhookSettings::secret>(
        "secret"_L1, "What they are signed with; absent: they are not."_L1),
};
constexpr Table<ConfigDraft> webhookTable{webhookKeys};

constexpr std::array slackKeys{
    Key<ConfigDraft>{.name = "url"_L1,
                     .meaning = "Incoming webhook of a chat; absent: none."_L1,
                     .type = "URL"_L1,
                     .read = readSlackUrl},
};
constexpr Table<ConfigDraft> slackTable{slackKeys};

constexpr std::array receiversKeys{
    alert<&AlertSettings::email, &EmailSettings::from>("from"_L1, "Who sends."_L1),
    alert<&AlertSettings::email, &EmailSettings::to>("to"_L1, "Who gets alerts."_L1),
};
constexpr std::array emailKeys = joined(
    mailServerKeys<&Config::alerts, &AlertSettings::email, &EmailSettings::server>(
        "Mail server; absent: no e-mail."_L1),
    receiversKeys);
constexpr Table<ConfigDraft> emailTable{emailKeys};

constexpr std::array alertsKeys{
    Key<ConfigDraft>{.name = "thresholds"_L1,
                     .meaning = "At which percentages of a budget; soft budgets always."_L1,
                     .type = "list of whole numbers"_L1,
                     .read = readThresholds},
    section("webhook"_L1, "A receiver of one's own."_L1, webhookTable),
    section("slack"_L1, "A chat."_L1, slackTable),
    section("email"_L1, "Mail."_L1, emailTable),
    alert<&AlertSettings::caFile>("ca_file"_L1,
                                  "PEM bundle of trusted authorities; absent: the system's."_L1),
    alert<&AlertSettings::giveUpAfter>("give_up_after"_L1, "How long an alert is tried again."_L1,
                                       {60'000, 30 * oneDay}),
    alert<&AlertSettings::keepFor>("keep_for"_L1, "How long alerts can be listed."_L1,
                                   {60'000, oneYear}),
};

/// One channel of LiteLLM's list: takes from the environment what the file does not say.
class Environment
{
public:
    explicit Environment(const Value &value)
        : m_value(value)
    {
    }

    [[nodiscard]] QString text(const QString &name) const
    {
        return m_value.reading().environment.value(name).trimmed();
    }
    void takeUrl(Secret &target, const QString &name) const
    {
        if (!target.isEmpty()) {
            return;
        }
        const QString url = text(name);
        if (url.isEmpty()) {
            m_value.warn(u"has no effect: the environment variable %1 is not set"_s.arg(name));
        } else if (!isHttpUrl(url)) {
            m_value.fail(u"the environment variable %1 must be a URL"_s.arg(name));
        } else {
            target = Secret(url.toLatin1());
        }
    }
    /// LiteLLM writes to whom a budget belongs; here the file names who gets all alerts. Without them there are letters.
    void takeEmail(Config &config) const
    {
        EmailSettings &email = config.alerts.email;
        if (!email.server.host.isEmpty()) {
            return;
        }
        if (text(u"SMTP_HOST"_s).isEmpty()) {
            m_value.warn(u"has no effect: the environment variable SMTP_HOST is not set"_s);
            return;
        }
        const net::MailerSettings named = mailOfEnvironment(m_value);
        if (!email.to.empty()) {
            email.server = named.server;
            email.from = email.from.address.isEmpty() ? named.from : email.from;
            return;
        }
        m_value.warn(u"mails no alerts: general_settings.alerts.email.to names nobody"_s);
        if (config.mail.server.host.isEmpty()) {
            config.mail.server = named.server;
            config.mail.from = config.mail.from.address.isEmpty() ? named.from : config.mail.from;
        }
    }

private:
    const Value &m_value;
};

void checkEmail(const Value &root, const EmailSettings &email)
{
    const auto place = [&root](const QString &key) {
        return nearestValue(root, {u"general_settings"_s, u"alerts"_s, u"email"_s, key});
    };
    const net::MailServer &server = email.server;
    const bool isAsked = !server.host.isEmpty();
    const YamlNode *const general = root.node().find(u"general_settings");
    const bool mayBeElsewhere = general && general->find(u"alerting");
    if (!isAsked && !mayBeElsewhere && !(email.from.address.isEmpty() && email.to.empty())) {
        place(email.to.empty() ? u"from"_s : u"to"_s).fail(u"needs host as well"_s);
    }
    if (isAsked && email.from.address.isEmpty()) {
        place(u"host"_s).fail(u"needs from as well"_s);
    }
    if (isAsked && email.to.empty()) {
        place(u"host"_s).fail(u"needs to as well"_s);
    }
    checkMailServer(root, {u"general_settings"_s, u"alerts"_s, u"email"_s}, server);
}

} // namespace

constinit const Table<ConfigDraft> alertsTable{alertsKeys};

void readAlerting(const Value &value, const Limits &, ConfigDraft &draft)
{
    QStringList channels;
    read(value, Limits(), channels);
    AlertSettings &settings = draft.config.alerts;
    const Environment environment(value);
    for (const QString &channel : std::as_const(channels)) {
        if (channel == "slack"_L1) {
            environment.takeUrl(settings.slack.url, u"SLACK_WEBHOOK_URL"_s);
        } else if (channel == "webhook"_L1) {
            environment.takeUrl(settings.webhook.url, u"WEBHOOK_URL"_s);
        } else if (channel == "email"_L1) {
            environment.takeEmail(draft.config);
        } else {
            value.warn(
                u"has no effect for %1: there are slack, webhook and email"_s.arg(quoted(channel)));
        }
    }
}

void checkAlerts(const Value &root, const AlertSettings &alerts)
{
    const auto webhook = [&root](const QString &key) {
        return nearestValue(root, {u"general_settings"_s, u"alerts"_s, u"webhook"_s, key});
    };
    if (alerts.webhook.url.isEmpty() && !alerts.webhook.secret.isEmpty()) {
        webhook(u"secret"_s).fail(u"needs url as well"_s);
    }
    if (!alerts.webhook.url.isEmpty() && alerts.webhook.secret.isEmpty()) {
        webhook(u"url"_s).warn(
            u"the webhook has no secret, so its receiver cannot tell who has sent an alert"_s);
    }
    checkEmail(root, alerts.email);
}

} // namespace delta::config
