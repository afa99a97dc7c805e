#include "gateway/telemetry/log_text.h"

#include "gateway/telemetry/scrubber.h"

#include <algorithm>
#include <utility>

namespace delta::telemetry {

namespace {

constexpr QByteArrayView hexDigits = "0123456789abcdef";

QByteArrayView levelName(LogLevel level)
{
    static constexpr std::array<QByteArrayView, 4> names{"debug", "info", "warning", "error"};
    return names[static_cast<std::size_t>(std::to_underlying(level))];
}

void appendDigits(QByteArray &out, qint64 value, int width)
{
    qint64 unit = 1;
    for (int digit = 1; digit < width; ++digit) {
        unit *= 10;
    }
    for (; unit > 0; unit /= 10) {
        out.append(static_cast<char>('0' + value / unit % 10));
    }
}

/// Writes ISO 8601 with milliseconds by hand: QDateTime takes longer than the rest of a line.
QByteArray timeText(WallTime time)
{
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    QByteArray text;
    text.reserve(24);
    appendDigits(text, int{date.year()}, 4);
    appendDigits(text.append('-'), unsigned{date.month()}, 2);
    appendDigits(text.append('-'), unsigned{date.day()}, 2);
    appendDigits(text.append('T'), clock.hours().count(), 2);
    appendDigits(text.append(':'), clock.minutes().count(), 2);
    appendDigits(text.append(':'), clock.seconds().count(), 2);
    appendDigits(text.append('.'), clock.subseconds().count(), 3);
    return text.append('Z');
}

/// Says whether a terminal or a reader could take the character for something else than text.
bool isUnsafe(QChar c)
{
    const QChar::Category category = c.category();
    return category == QChar::Other_Control || category == QChar::Other_Format
        || c == QChar::LineSeparator || c == QChar::ParagraphSeparator;
}

void appendEscape(QByteArray &out, QChar c)
{
    const char16_t code = c.unicode();
    out.append("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
        out.append(hexDigits[(code >> shift) & 0xf]);
    }
}

/// Says whether the text is printable ASCII that JSON takes as it is: nearly all texts are.
bool isPlainAscii(QByteArrayView text)
{
    return std::ranges::all_of(
        text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
}

/// Appends a JSON string. Bytes that are not UTF-8 become replacement characters.
void appendQuoted(QByteArray &out, const QByteArray &raw)
{
    const QByteArray clean = scrubbed(raw);
    if (isPlainAscii(clean)) {
        out.append('"').append(clean).append('"');
        return;
    }
    const QString text = QString::fromUtf8(clean);
    out.append('"');
    qsizetype copied = 0;
    for (qsizetype index = 0; index < text.size(); ++index) {
        const QChar c = text[index];
        const bool isSyntax = c == u'"' || c == u'\\';
        if (!isSyntax && !isUnsafe(c)) {
            continue;
        }
        out.append(QStringView(text).sliced(copied, index - copied).toUtf8());
        if (isSyntax) {
            out.append('\\').append(c.toLatin1());
        } else {
            appendEscape(out, c);
        }
        copied = index + 1;
    }
    out.append(QStringView(text).sliced(copied).toUtf8()).append('"');
}

/// Appends what needs no quotes as it is, everything else as a JSON string.
void appendForPeople(QByteArray &out, const QByteArray &raw)
{
    const bool isPlain = !raw.isEmpty() && std::ranges::all_of(raw, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z')
            || QByteArrayView("-_./:@+").contains(c);
    });
    if (isPlain) {
        out.append(scrubbed(raw));
    } else {
        appendQuoted(out, raw);
    }
}

/// Returns a text with a blank for each character that is not safe.
QByteArray printable(const QByteArray &raw)
{
    QString text = QString::fromUtf8(scrubbed(raw));
    std::ranges::replace_if(text, isUnsafe, QChar(u' '));
    return text.toUtf8();
}

void appendFields(QByteArray &out, const LogRecord &record)
{
    for (const LogField &field : record.fields) {
        out.append(' ').append(field.key.name()).append('=');
        appendForPeople(out, field.value.text());
    }
}

int syslogPriority(LogLevel level)
{
    static constexpr std::array priorities{7, 6, 4, 3};
    return priorities[static_cast<std::size_t>(std::to_underlying(level))];
}

} // namespace

QByteArray jsonLine(const LogRecord &record)
{
    QByteArray line;
    line.reserve(512);
    line.append("{\"time\":\"").append(timeText(record.time));
    line.append("\",\"level\":\"").append(levelName(record.level)).append("\",\"category\":");
    appendQuoted(line, record.category);
    line.append(",\"message\":");
    appendQuoted(line, record.message);
    for (const LogField &field : record.fields) {
        line.append(",\"").append(field.key.name()).append("\":");
        if (field.value.kind() == LogValue::Kind::Text) {
            appendQuoted(line, field.value.text());
        } else {
            line.append(field.value.text());
        }
    }
    return line.append("}\n");
}

QByteArray textLine(const LogRecord &record)
{
    QByteArray line = timeText(record.time);
    line.append(' ')
        .append(levelName(record.level).toByteArray().toUpper().leftJustified(7))
        .append(' ');
    line.append(printable(record.category)).append(": ").append(printable(record.message));
    appendFields(line, record);
    return line.append('\n');
}

QByteArrayList journalFields(const LogRecord &record)
{
    QByteArray message = "MESSAGE=" + printable(record.message);
    appendFields(message, record);
    QByteArrayList fields{message, "PRIORITY=" + QByteArray::number(syslogPriority(record.level)),
                          "SYSLOG_IDENTIFIER=deltallm-gateway",
                          "DELTALLM_CATEGORY=" + printable(record.category)};
    for (const LogField &field : record.fields) {
        fields.append("DELTALLM_" + field.key.name().toByteArray().toUpper() + '='
                      + printable(field.value.text()));
    }
    return fields;
}

} // namespace delta::telemetry
