#include "shared/core/decimal.h"

#include <QByteArray>

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <optional>

namespace delta {

namespace {

/// A decimal number taken apart: ± digits × 10^power. No leading or trailing zeros; no digits is
/// zero.
struct Parts {
    bool isNegative = false;
    QByteArray digits;
    qint64 power = 0;
};

bool isDigit(QChar character)
{
    return character >= u'0' && character <= u'9';
}

/// Takes the digits at the front of the text.
QByteArray takeDigits(QStringView &text)
{
    const auto end = std::ranges::find_if_not(text, isDigit);
    const qsizetype count = std::distance(text.begin(), end);
    const QByteArray digits = text.first(count).toLatin1();
    text = text.sliced(count);
    return digits;
}

bool takeOne(QStringView &text, QChar character)
{
    if (!text.startsWith(character)) {
        return false;
    }
    text = text.sliced(1);
    return true;
}

/// Takes "e-06" and the like at the front of the text. Huge exponents are cut to a size that is
/// still out of every range.
std::optional<qint64> takeExponent(QStringView &text)
{
    if (!takeOne(text, u'e') && !takeOne(text, u'E')) {
        return 0;
    }
    const bool isNegative = takeOne(text, u'-');
    if (!isNegative) {
        takeOne(text, u'+');
    }
    const QByteArray digits = takeDigits(text);
    if (digits.isEmpty()) {
        return std::nullopt;
    }
    constexpr qint64 beyond = 1'000'000;
    bool fits = false;
    const qint64 read = digits.toLongLong(&fits);
    const qint64 size = fits ? std::min(read, beyond) : beyond;
    return isNegative ? -size : size;
}

void normalise(Parts &parts)
{
    const auto first = std::ranges::find_if(parts.digits, [](char digit) { return digit != '0'; });
    parts.digits.remove(0, std::distance(parts.digits.begin(), first));
    qsizetype zeros = 0;
    while (zeros < parts.digits.size() && parts.digits[parts.digits.size() - 1 - zeros] == '0') {
        ++zeros;
    }
    parts.digits.chop(zeros);
    parts.power += zeros;
}

std::optional<Parts> takeApart(QStringView text, Exponent exponent)
{
    Parts parts;
    parts.isNegative = takeOne(text, u'-');
    parts.digits = takeDigits(text);
    if (parts.digits.isEmpty()) {
        return std::nullopt;
    }
    if (takeOne(text, u'.')) {
        const QByteArray decimals = takeDigits(text);
        if (decimals.isEmpty()) {
            return std::nullopt;
        }
        parts.digits += decimals;
        parts.power = -decimals.size();
    }
    if (exponent == Exponent::Accept) {
        const std::optional<qint64> power = takeExponent(text);
        if (!power) {
            return std::nullopt;
        }
        parts.power += *power;
    }
    if (!text.isEmpty()) {
        return std::nullopt;
    }
    normalise(parts);
    return parts;
}

} // namespace

std::expected<std::int64_t, DecimalFault> parseDecimal(QStringView text, int scale,
                                                       Exponent exponent)
{
    const std::optional<Parts> parts = takeApart(text, exponent);
    if (!parts) {
        return std::unexpected(DecimalFault::Malformed);
    }
    if (parts->digits.isEmpty()) {
        return 0;
    }
    const qint64 zeros = parts->power + scale;
    if (zeros < 0) {
        return std::unexpected(DecimalFault::TooFine);
    }
    if (parts->digits.size() + zeros > std::numeric_limits<std::int64_t>::digits10 + 1) {
        return std::unexpected(DecimalFault::TooLarge);
    }
    // Nineteen digits always fit into the unsigned type, so one comparison at the end is enough.
    const std::uint64_t magnitude = (parts->digits + QByteArray(zeros, '0')).toULongLong();
    constexpr auto highest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    if (magnitude > highest + (parts->isNegative ? 1 : 0)) {
        return std::unexpected(DecimalFault::TooLarge);
    }
    return static_cast<std::int64_t>(parts->isNegative ? 0 - magnitude : magnitude);
}

QString decimalText(std::int64_t value, int scale)
{
    QByteArray text;
    appendDecimal(text, value, scale);
    return QString::fromLatin1(text);
}

void appendDecimal(QByteArray &text, std::int64_t value, int scale)
{
    // Negating in the unsigned type is defined for the lowest value too.
    const auto bits = static_cast<std::uint64_t>(value);
    std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> digits;
    const char *const end = std::to_chars(digits.data(), digits.data() + digits.size(),
                                          value < 0 ? 0 - bits : bits)
                                .ptr;
    if (value < 0) {
        text.append('-');
    }
    const qsizetype count = end - digits.data();
    text.append(std::max<qsizetype>(scale + 1 - count, 0), '0').append(digits.data(), count);
    qsizetype decimals = scale;
    while (decimals > 0 && text.endsWith('0')) {
        text.chop(1);
        --decimals;
    }
    if (decimals > 0) {
        text.insert(text.size() - decimals, '.');
    }
}

} // namespace delta
