#include "gateway/config/scalar_text.h"

#include "shared/core/decimal.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

struct Unit {
    QLatin1StringView name;
    qint64 factor;
};

constexpr std::array durationUnits{Unit{"ms"_L1, 1}, Unit{"s"_L1, 1'000}, Unit{"m"_L1, 60'000},
                                   Unit{"h"_L1, 3'600'000}, Unit{"d"_L1, 86'400'000}};
constexpr std::array byteUnits{Unit{"B"_L1, 1}, Unit{"KiB"_L1, 1LL << 10},
                               Unit{"MiB"_L1, 1LL << 20}, Unit{"GiB"_L1, 1LL << 30}};

constexpr bool isDigit(QChar c)
{
    return c >= u'0' && c <= u'9';
}

/// A number and the unit behind it, as texts.
struct Quantity {
    QStringView number;
    QStringView unit;
};

Quantity split(QStringView text)
{
    const auto end = std::ranges::find_if(text, [](QChar c) { return !isDigit(c) && c != u'.'; });
    const qsizetype length = end - text.begin();
    return {text.first(length), text.sliced(length).trimmed()};
}

template <std::size_t Count>
std::optional<qint64> factorOf(QStringView unit, const std::array<Unit, Count> &units)
{
    const auto found = std::ranges::find_if(units,
                                            [&](const Unit &known) { return unit == known.name; });
    return found == units.end() ? std::nullopt : std::optional(found->factor);
}

/// Writes an amount in the largest unit that divides it.
template <std::size_t Count>
QString format(qint64 amount, const std::array<Unit, Count> &units)
{
    Unit best = units.front();
    for (const Unit &unit : units) {
        if (amount != 0 && amount % unit.factor == 0) {
            best = unit;
        }
    }
    return QString::number(amount / best.factor) + best.name;
}

} // namespace

std::optional<qint64> parseInteger(QStringView text)
{
    const QStringView digits = text.startsWith(u'-') ? text.sliced(1) : text;
    const bool isPlain = !digits.isEmpty() && std::ranges::all_of(digits, isDigit);
    if (!isPlain || (digits.size() > 1 && digits.front() == u'0')) {
        return std::nullopt;
    }
    bool ok = false;
    const qint64 value = text.toLongLong(&ok);
    return ok ? std::optional(value) : std::nullopt;
}

std::optional<bool> parseFlag(QStringView text)
{
    const auto isOneOf = [text](std::initializer_list<QLatin1StringView> words) {
        return std::ranges::any_of(words, [text](QLatin1StringView word) {
            return text.compare(word, Qt::CaseInsensitive) == 0;
        });
    };
    if (isOneOf({"true"_L1, "yes"_L1, "on"_L1})) {
        return true;
    }
    return isOneOf({"false"_L1, "no"_L1, "off"_L1}) ? std::optional(false) : std::nullopt;
}

std::optional<std::chrono::milliseconds> parseDuration(QStringView text)
{
    constexpr int decimals = 3;
    const Quantity quantity = split(text);
    const auto factor = quantity.unit.isEmpty() ? 1'000 : factorOf(quantity.unit, durationUnits);
    const auto thousandths = parseDecimal(quantity.number, decimals);
    qint64 scaled = 0;
    if (!factor || !thousandths || __builtin_mul_overflow(*thousandths, *factor, &scaled)
        || scaled % 1'000 != 0) {
        return std::nullopt;
    }
    return std::chrono::milliseconds(scaled / 1'000);
}

std::optional<qint64> parseBytes(QStringView text)
{
    const Quantity quantity = split(text);
    const auto factor = quantity.unit.isEmpty() ? 1 : factorOf(quantity.unit, byteUnits);
    const auto number = parseInteger(quantity.number);
    qint64 bytes = 0;
    if (!factor || !number || __builtin_mul_overflow(*number, *factor, &bytes)) {
        return std::nullopt;
    }
    return bytes;
}

QString formatDuration(std::chrono::milliseconds duration)
{
    return format(duration.count(), durationUnits);
}

QString formatBytes(qint64 bytes)
{
    return format(bytes, byteUnits);
}

} // namespace delta::config
