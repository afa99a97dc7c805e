#include "shared/models/pico_usd.h"

#include "shared/core/decimal.h"

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int unitDecimals = 12;
constexpr int millionDecimals = 6; ///< One USD per million units is 10^6 pico-USD per unit.

std::expected<PicoUsd, QString> parsePrice(QStringView text, int scale)
{
    const auto price = parseDecimal(text, scale, Exponent::Accept);
    if (!price && price.error() == DecimalFault::Malformed) {
        return std::unexpected(u"must be a price in USD such as 0.0000025 or 2.5e-06"_s);
    }
    if (!price && price.error() == DecimalFault::TooFine) {
        return std::unexpected(u"must be a whole number of pico-USD (1e-12 USD) per unit"_s);
    }
    if (!price || *price > highestUnitPrice) {
        return std::unexpected(u"must not be more than a million USD per unit"_s);
    }
    if (*price < 0) {
        return std::unexpected(u"must not be negative"_s);
    }
    return *price;
}

} // namespace

std::expected<PicoUsd, QString> fromUsdPerUnit(QStringView text)
{
    return parsePrice(text, unitDecimals);
}

std::expected<PicoUsd, QString> fromUsdPerMillion(QStringView text)
{
    return parsePrice(text, millionDecimals);
}

QString toUsdPerUnit(PicoUsd price)
{
    return decimalText(price, unitDecimals);
}

} // namespace delta
