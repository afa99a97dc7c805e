#include "gateway/net/mailbox.h"

#include <QByteArrayList>
#include <QList>

#include <algorithm>

namespace delta::net {

using namespace Qt::StringLiterals;

namespace {

/// So that "Subject: " and the text together stay below the 78 columns of RFC 5322.
constexpr qsizetype longestPlain = 60;
/// Bytes of text in one encoded word: with "Subject: ", "=?UTF-8?B?" and "?=" it stays below the 76 columns
/// of RFC 2047.
constexpr qsizetype bytesOfWord = 39;
constexpr qsizetype longestAddress = 254;

bool isPrintable(QChar character)
{
    return character >= u' ' && character <= u'~';
}

/// Printable ASCII without what separates addresses.
bool isAddressCharacter(QChar character)
{
    return isPrintable(character) && !u" \"(),:;<>@[\\]"_s.contains(character);
}

/// Cuts a text into pieces of at most so many bytes of UTF-8, between two characters.
QByteArrayList pieces(const QString &text)
{
    QByteArrayList list{QByteArray()};
    for (const char32_t point : text.toUcs4()) {
        const QByteArray bytes = QString::fromUcs4(&point, 1).toUtf8();
        if (list.back().size() + bytes.size() > bytesOfWord) {
            list.append(QByteArray());
        }
        list.back() += bytes;
    }
    return list;
}

} // namespace

bool isMailAddress(QStringView text)
{
    const qsizetype at = text.indexOf(u'@');
    const QStringView user = text.first(std::max<qsizetype>(at, 0));
    const QStringView domain = text.sliced(at + 1);
    return !user.isEmpty() && !domain.isEmpty() && text.size() <= longestAddress
        && std::ranges::all_of(user, isAddressCharacter)
        && std::ranges::all_of(domain, isAddressCharacter);
}

std::expected<Mailbox, QString> Mailbox::fromText(QStringView text)
{
    const QStringView trimmed = text.trimmed();
    Mailbox mailbox;
    QStringView address = trimmed;
    if (const qsizetype open = trimmed.lastIndexOf(u'<'); open >= 0 && trimmed.endsWith(u'>')) {
        address = trimmed.sliced(open + 1).chopped(1);
        mailbox.name = trimmed.first(open).trimmed().toString();
        if (mailbox.name.size() > 1 && mailbox.name.startsWith(u'"')
            && mailbox.name.endsWith(u'"')) {
            mailbox.name = mailbox.name.sliced(1).chopped(1);
        }
    }
    if (!isMailAddress(address)) {
        return std::unexpected(
            u"must be an address such as ops@example.com or Operations <ops@example.com>"_s);
    }
    mailbox.address = address.toLatin1();
    return mailbox;
}

QByteArray Mailbox::toHeader() const
{
    if (name.isEmpty()) {
        return address;
    }
    const auto isPlain = [](QChar c) { return c.isLetterOrNumber() || c == u' ' || c == u'-'; };
    const QByteArray words = headerText(name);
    const bool needsQuotes = !words.startsWith("=?") && !std::ranges::all_of(name, isPlain);
    QByteArray quoted = words;
    quoted.replace('\\', "\\\\").replace('"', "\\\"");
    return (needsQuotes ? '"' + quoted + '"' : words) + " <" + address + '>';
}

QByteArray headerText(QStringView text)
{
    const QString whole = text.toString();
    // What looks like an encoded word would be read as one.
    if (whole.size() <= longestPlain && std::ranges::all_of(whole, isPrintable)
        && !whole.contains("=?"_L1)) {
        return whole.toLatin1();
    }
    QByteArrayList words;
    for (const QByteArray &piece : pieces(whole)) {
        words.append("=?UTF-8?B?" + piece.toBase64() + "?=");
    }
    return words.join("\r\n ");
}

} // namespace delta::net
