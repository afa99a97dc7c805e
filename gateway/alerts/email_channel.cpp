#include "gateway/alerts/email_channel.h"

#include <QDateTime>

#include <algorithm>

namespace delta::alerts {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestLine = 76;

QByteArray wrapped(const QByteArray &text)
{
    QByteArray lines;
    for (qsizetype at = 0; at < text.size(); at += longestLine) {
        lines += text.sliced(at, std::min(longestLine, text.size() - at)) + "\r\n";
    }
    return lines;
}

QByteArray recipients(const EmailSettings &settings)
{
    QByteArrayList list;
    for (const Mailbox &mailbox : settings.to) {
        list.append(mailbox.toHeader());
    }
    return list.join(",\r\n ");
}

QString textOf(const BudgetAlert &alert)
{
    QStringList lines{alert.message(), {}};
    if (!alert.isTest()) {
        lines += u"Budget:     "_s + alert.budget.id;
        lines += u"Spent:      %1 USD"_s.arg(alert.spent.toUsd());
        if (alert.limit) {
            lines += u"Limit:      %1 USD"_s.arg(alert.limit->toUsd());
        }
        if (alert.budget.softBudget) {
            lines += u"Soft limit: %1 USD"_s.arg(alert.budget.softBudget->toUsd());
        }
    }
    lines += u"Instance:   "_s + alert.instance;
    lines += u"At:         "_s + timeText(alert.createdAt);
    lines += u"Alert:      "_s + alert.id;
    return lines.join("\r\n"_L1) + "\r\n"_L1;
}

} // namespace

QByteArray emailMessage(const EmailSettings &settings, const OutgoingAlert &outgoing)
{
    const BudgetAlert &alert = outgoing.alert;
    const QByteArray domain = settings.from.address.split('@').back();
    const QString date =
        QDateTime::fromStdTimePoint(outgoing.now).toUTC().toString(Qt::RFC2822Date);
    return "Date: " + date.toLatin1() + "\r\nFrom: " + settings.from.toHeader()
        + "\r\nTo: " + recipients(settings)
        + "\r\nSubject: " + headerText(u"[%1] %2"_s.arg(alert.instance, alert.headline()))
        + "\r\nMessage-ID: <" + alert.id.toLatin1() + '@' + domain
        + ">\r\nAuto-Submitted: auto-generated\r\nX-DeltaLLM-Alert-Id: " + alert.id.toLatin1()
        + "\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
          "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + wrapped(textOf(alert).toUtf8().toBase64());
}

net::SideCaller::Outcome EmailChannel::send(const OutgoingAlert &outgoing,
                                            const net::SideCaller &caller)
{
    QByteArrayList to;
    for (const Mailbox &mailbox : m_settings.to) {
        to.append('<' + mailbox.address + '>');
    }
    return caller.mail(
        {m_settings.server, m_settings.from.address, to, emailMessage(m_settings, outgoing)});
}

} // namespace delta::alerts
