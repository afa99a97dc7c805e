#include "gateway/alerts/email_channel.h"

#include "gateway/net/mail_message.h"

#include <QByteArrayList>
#include <QStringList>

namespace delta::alerts {

using namespace Qt::StringLiterals;

namespace {

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
    return lines.join(u'\n') + u'\n';
}

} // namespace

QByteArray emailMessage(const EmailSettings &settings, const OutgoingAlert &outgoing)
{
    const BudgetAlert &alert = outgoing.alert;
    const QByteArray id = alert.id.toLatin1();
    return net::MailMessage{.from = settings.from,
                            .to = settings.to,
                            .subject = u"[%1] %2"_s.arg(alert.instance, alert.headline()),
                            .text = textOf(alert),
                            .date = outgoing.now,
                            .id = id,
                            .fields = {{"X-DeltaLLM-Alert-Id", id}}}
        .toBytes();
}

net::SideCaller::Outcome EmailChannel::send(const OutgoingAlert &outgoing,
                                            const net::SideCaller &caller)
{
    QByteArrayList to;
    for (const net::Mailbox &mailbox : m_settings.to) {
        to.append('<' + mailbox.address + '>');
    }
    return caller.mail(
        {m_settings.server, m_settings.from.address, to, emailMessage(m_settings, outgoing)});
}

} // namespace delta::alerts
