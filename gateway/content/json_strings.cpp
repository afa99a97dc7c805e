#include "gateway/content/json_strings.h"

#include "gateway/content/text_marks.h"

#include <QString>
#include <QStringView>

namespace delta::content {

namespace {

constexpr qsizetype hexDigits = 4;

/// Reads the four digits behind `\u`.
std::optional<char16_t> codeUnitAt(QByteArrayView text)
{
    if (countWhile(text, isHexDigit, hexDigits) < hexDigits) {
        return std::nullopt;
    }
    return char16_t(text.first(hexDigits).toUShort(nullptr, 16));
}

/// Returns what an escape of two bytes stands for; zero: it is none.
char shortEscape(char c)
{
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    case 'b':
        return '\b';
    case 'f':
        return '\f';
    case '"':
    case '\\':
    case '/':
        return c;
    default:
        return 0;
    }
}

/// Takes all escapes of code units that follow each other, for two may make one character.
/// Returns how long they are; zero: one of them is none.
qsizetype takeCodeUnits(QByteArrayView text, QByteArray &out)
{
    QString units;
    qsizetype length = 0;
    while (text.sliced(length).startsWith("\\u")) {
        const auto unit = codeUnitAt(text.sliced(length + 2));
        if (!unit) {
            return 0;
        }
        units.append(QChar(*unit));
        length += 2 + hexDigits;
    }
    out += units.toUtf8();
    return length;
}

} // namespace

std::optional<qsizetype> stringLength(QByteArrayView text)
{
    for (qsizetype index = 1; index < text.size(); ++index) {
        if (text[index] == '"') {
            return index + 1;
        }
        if (static_cast<unsigned char>(text[index]) < ' ') {
            return std::nullopt;
        }
        index += text[index] == '\\' ? 1 : 0;
    }
    return std::nullopt;
}

std::optional<QByteArray> unescaped(QByteArrayView inner)
{
    QByteArray out;
    out.reserve(inner.size());
    for (qsizetype index = 0; index < inner.size();) {
        const qsizetype plain = countWhile(inner.sliced(index), [](char c) { return c != '\\'; });
        out += inner.sliced(index, plain);
        index += plain;
        if (index + 1 >= inner.size()) {
            return index == inner.size() ? std::optional(out) : std::nullopt;
        }
        if (inner[index + 1] == 'u') {
            const qsizetype taken = takeCodeUnits(inner.sliced(index), out);
            if (taken == 0) {
                return std::nullopt;
            }
            index += taken;
            continue;
        }
        const char meant = shortEscape(inner[index + 1]);
        if (meant == 0) {
            return std::nullopt;
        }
        out += meant;
        index += 2;
    }
    return out;
}

QByteArray quoted(QByteArrayView text)
{
    QByteArray out = "\"";
    out.reserve(text.size() + 2);
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            out += '\\';
            out += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (static_cast<unsigned char>(c) < ' ') {
            out += "\\u" + QByteArray::number(int(c), 16).rightJustified(hexDigits, '0');
        } else {
            out += c;
        }
    }
    return out + '"';
}

} // namespace delta::content
