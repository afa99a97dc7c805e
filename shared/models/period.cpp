#include "shared/models/period.h"

#include <QLatin1StringView>

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int highestCount = 10'000;

/// In the order of the enumeration.
constexpr std::array unitTexts{"s"_L1, "m"_L1, "h"_L1, "d"_L1, "w"_L1, "mo"_L1};

constexpr bool isDigit(QChar character)
{
    return character >= u'0' && character <= u'9';
}

} // namespace

std::expected<Period, QString> Period::fromText(QStringView text)
{
    const auto end = std::ranges::find_if_not(text, isDigit);
    const auto length = std::distance(text.begin(), end);
    const auto unit = std::ranges::find_if(
        unitTexts, [rest = text.sliced(length)](QLatin1StringView name) { return name == rest; });
    bool isNumber = false;
    // Five digits hold the highest count; zeros before it would only hide a typing error.
    const int count = length <= 5 ? text.first(length).toInt(&isNumber) : 0;
    if (unit == unitTexts.end() || !isNumber || count < 1 || count > highestCount) {
        return std::unexpected(
            u"must be a whole number from 1 to %1 and one of s, m, h, d, w, mo, such as \"30d\" or \"12h\""_s
                .arg(highestCount));
    }
    return Period{count, static_cast<PeriodUnit>(std::distance(unitTexts.begin(), unit))};
}

QString Period::toText() const
{
    return QString::number(count)
        + unitTexts.at(static_cast<std::size_t>(std::to_underlying(unit)));
}

QJsonValue JsonCodec<Period>::encode(const Period &value)
{
    return value.toText();
}

Result<void> JsonCodec<Period>::decode(const QJsonValue &json, const JsonPlace &place,
                                       Period &target)
{
    const auto period = Period::fromText(json.toString());
    if (!period) {
        return failure(place.error(period.error()));
    }
    target = *period;
    return {};
}

} // namespace delta
