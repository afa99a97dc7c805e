#include "gateway/net/mail_message.h"

#include <QByteArrayList>
#include <QDateTime>

#include <algorithm>

namespace delta::net {

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

QByteArray listOf(const std::vector<Mailbox> &mailboxes)
{
    QByteArrayList list;
    for (const Mailbox &mailbox : mailboxes) {
        list.append(mailbox.toHeader());
    }
    return list.join(",\r\n ");
}

} // namespace

QByteArray MailMessage::toBytes() const
{
    const QString sent = QDateTime::fromStdTimePoint(date).toUTC().toString(Qt::RFC2822Date);
    QByteArray head = "Date: " + sent.toLatin1() + "\r\nFrom: " + from.toHeader()
        + "\r\nTo: " + listOf(to) + "\r\nSubject: " + headerText(subject) + "\r\nMessage-ID: <" + id
        + '@' + from.address.split('@').back() + ">\r\nAuto-Submitted: auto-generated\r\n";
    for (const auto &[name, value] : fields) {
        head += name + ": " + value + "\r\n";
    }
    QByteArray body = text.toUtf8();
    return head
        + "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8"
          "\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + wrapped(body.replace('\n', "\r\n").toBase64());
}

} // namespace delta::net
