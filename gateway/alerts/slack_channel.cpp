#include "gateway/alerts/slack_channel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>

namespace delta::alerts {

using namespace Qt::StringLiterals;

namespace {

QString escaped(QString text)
{
    return text.replace(u'&', "&amp;"_L1).replace(u'<', "&lt;"_L1).replace(u'>', "&gt;"_L1);
}

/// Red when calls are refused, green for a test, else amber.
QString colourOf(const BudgetAlert &alert)
{
    if (alert.isTest()) {
        return u"good"_s;
    }
    return alert.threshold == "100"_L1 ? u"danger"_s : u"warning"_s;
}

QJsonObject figure(const QString &title, const QString &value)
{
    return {{u"title"_s, title}, {u"value"_s, escaped(value)}, {u"short"_s, true}};
}

QJsonArray figuresOf(const BudgetAlert &alert)
{
    QJsonArray figures;
    if (alert.isTest()) {
        return figures;
    }
    figures.append(figure(u"Spent"_s, alert.spent.toUsd() + u" USD"_s));
    if (alert.limit) {
        figures.append(figure(u"Limit"_s, alert.limit->toUsd() + u" USD"_s));
    }
    if (alert.budget.softBudget) {
        figures.append(figure(u"Soft limit"_s, alert.budget.softBudget->toUsd() + u" USD"_s));
    }
    if (alert.renewsAt) {
        figures.append(figure(u"Begins anew"_s, timeText(*alert.renewsAt)));
    }
    return figures;
}

} // namespace

QByteArray slackBody(const BudgetAlert &alert)
{
    const QString text = escaped(alert.message());
    const auto seconds = std::chrono::floor<std::chrono::seconds>(alert.createdAt);
    const QJsonObject attachment{{u"color"_s, colourOf(alert)},
                                 {u"fallback"_s, text},
                                 {u"fields"_s, figuresOf(alert)},
                                 {u"footer"_s, escaped(alert.instance + u' ' + alert.id)},
                                 {u"ts"_s, qint64(seconds.time_since_epoch().count())}};
    return QJsonDocument(QJsonObject{{u"text"_s, text}, {u"attachments"_s, QJsonArray{attachment}}})
        .toJson(QJsonDocument::Compact);
}

net::SideCaller::Outcome SlackChannel::send(const OutgoingAlert &outgoing,
                                            const net::SideCaller &caller)
{
    return caller.post(
        {m_settings.url, {{"Content-Type", "application/json"}}, slackBody(outgoing.alert)});
}

} // namespace delta::alerts
