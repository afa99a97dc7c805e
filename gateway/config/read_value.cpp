#include "gateway/config/read_value.h"

#include "gateway/config/key_path.h"
#include "gateway/config/scalar_text.h"
#include "gateway/net/header_rules.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// Says whether a number is within its limits; reports it if not.
bool isWithin(const Value &value, const Limits &limits, qint64 number, QString (*format)(qint64))
{
    if (number < limits.least) {
        value.fail(u"must be at least %1"_s.arg(format(limits.least)));
        return false;
    }
    if (number > limits.most) {
        value.fail(u"must be at most %1"_s.arg(format(limits.most)));
        return false;
    }
    return true;
}

QString formatNumber(qint64 number)
{
    return QString::number(number);
}

QString formatMilliseconds(qint64 count)
{
    return formatDuration(std::chrono::milliseconds(count));
}

template <typename Enum, std::size_t Count>
void readChoice(const Value &value,
                const std::array<std::pair<QLatin1StringView, Enum>, Count> &choices, Enum &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    QStringList names;
    for (const auto &[name, choice] : choices) {
        if (text->compare(name, Qt::CaseInsensitive) == 0) {
            target = choice;
            return;
        }
        names += name;
    }
    value.fail(u"must be one of %1, not %2"_s.arg(names.join(", "_L1), value.shown()));
}

} // namespace

void read(const Value &value, const Limits &, QString &target)
{
    if (auto text = value.text()) {
        target = *std::move(text);
    }
}

void read(const Value &value, const Limits &, QByteArray &target)
{
    if (const auto text = value.text()) {
        target = text->toUtf8();
    }
}

void read(const Value &value, const Limits &, Secret &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    // A secret that comes from a file often brings its line end along.
    const QByteArray bytes = text->trimmed().toUtf8();
    if (!net::isHeaderValue(bytes)) {
        value.fail(u"holds a control character"_s);
        return;
    }
    if (!value.isReferenced() && !bytes.isEmpty()) {
        value.reading().holdsSecrets = true;
    }
    target = Secret(bytes);
}

void read(const Value &value, const Limits &, bool &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto flag = parseFlag(*text);
    if (!flag) {
        value.fail(u"must be true or false, not %1"_s.arg(value.shown()));
        return;
    }
    target = *flag;
}

void read(const Value &value, const Limits &limits, int &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto number = parseInteger(*text);
    if (!number) {
        value.fail(u"must be a whole number, not %1"_s.arg(value.shown()));
    } else if (isWithin(value, limits, *number, formatNumber)) {
        target = static_cast<int>(*number);
    }
}

void read(const Value &value, const Limits &limits, qsizetype &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto bytes = parseBytes(*text);
    if (!bytes) {
        value.fail(
            u"must be a size such as 64KiB, 32MiB or plain bytes, not %1"_s.arg(value.shown()));
    } else if (isWithin(value, limits, *bytes, formatBytes)) {
        target = *bytes;
    }
}

void read(const Value &value, const Limits &limits, std::chrono::milliseconds &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    const auto duration = parseDuration(*text);
    if (!duration) {
        value.fail(
            u"must be a duration such as 500ms, 10s or 5m (a plain number is seconds), not %1"_s
                .arg(value.shown()));
    } else if (isWithin(value, limits, duration->count(), formatMilliseconds)) {
        target = *duration;
    }
}

void read(const Value &value, const Limits &, QStringList &target)
{
    if (value.isNull()) {
        return;
    }
    if (value.node().kind != YamlNode::Kind::List) {
        failKind(value, "a list of texts"_L1);
        return;
    }
    QStringList texts;
    for (std::size_t i = 0; i < value.node().items.size(); ++i) {
        if (auto text = value.at(i).text()) {
            texts += *std::move(text);
        }
    }
    target = texts;
}

void read(const Value &value, const Limits &, ports::HeaderList &target)
{
    if (value.isNull()) {
        return;
    }
    if (value.node().kind != YamlNode::Kind::Map) {
        failKind(value, "a map of header names to texts"_L1);
        return;
    }
    ports::HeaderList headers;
    for (const YamlNode::Entry &entry : value.node().entries) {
        const Value item = value.at(entry);
        const auto text = item.text();
        if (!text) {
            continue;
        }
        const QByteArray name = entry.key.toUtf8();
        if (const QString fault = net::headerNameFault(name); !fault.isEmpty()) {
            item.fail(fault);
        } else if (!net::isHeaderValue(text->toUtf8())) {
            item.fail(u"holds a control character"_s);
        } else {
            headers.emplace_back(name, text->toUtf8());
        }
    }
    target = std::move(headers);
}

void read(const Value &value, const Limits &, ledger::Durability &target)
{
    using enum ledger::Durability;
    readChoice(value, std::array{std::pair("grouped"_L1, Grouped), std::pair("strict"_L1, Strict)},
               target);
}

void read(const Value &value, const Limits &, ports::DegradedMode &target)
{
    using enum ports::DegradedMode;
    readChoice(
        value,
        std::array{std::pair("fail_open"_L1, FailOpen), std::pair("fail_closed"_L1, FailClosed)},
        target);
}

void read(const Value &value, const Limits &, content::StoreContent &target)
{
    using enum content::StoreContent;
    readChoice(value,
               std::array{std::pair("never"_L1, Never), std::pair("when_asked"_L1, WhenAsked),
                          std::pair("always"_L1, Always)},
               target);
}

void read(const Value &value, const Limits &, telemetry::LogSink &target)
{
    using enum telemetry::LogSink;
    readChoice(value,
               std::array{std::pair("auto"_L1, Auto), std::pair("json"_L1, Json),
                          std::pair("journal"_L1, Journal), std::pair("text"_L1, Text)},
               target);
}

void read(const Value &value, const Limits &, telemetry::LogLevel &target)
{
    using enum telemetry::LogLevel;
    readChoice(value,
               std::array{std::pair("debug"_L1, Debug), std::pair("info"_L1, Info),
                          std::pair("warning"_L1, Warning), std::pair("error"_L1, Error)},
               target);
}

void read(const Value &value, const Limits &, net::MailSecurity &target)
{
    using enum net::MailSecurity;
    readChoice(value,
               std::array{std::pair("auto"_L1, Auto), std::pair("starttls"_L1, StartTls),
                          std::pair("tls"_L1, Tls), std::pair("none"_L1, None)},
               target);
}

void read(const Value &value, const Limits &, net::Mailbox &target)
{
    const auto text = value.text();
    if (!text) {
        return;
    }
    auto mailbox = net::Mailbox::fromText(*text);
    if (!mailbox) {
        value.fail(mailbox.error());
        return;
    }
    target = *std::move(mailbox);
}

/// One address may stand alone.
void read(const Value &value, const Limits &limits, std::vector<net::Mailbox> &target)
{
    if (value.node().kind == YamlNode::Kind::Map) {
        failKind(value, "a list of mail addresses"_L1);
        return;
    }
    std::vector<net::Mailbox> mailboxes(value.node().items.size());
    for (std::size_t i = 0; i < mailboxes.size(); ++i) {
        read(value.at(i), limits, mailboxes[i]);
    }
    if (value.node().kind == YamlNode::Kind::Scalar) {
        read(value, limits, mailboxes.emplace_back());
    }
    target = std::move(mailboxes);
}

} // namespace delta::config
