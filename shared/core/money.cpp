#include "shared/core/money.h"

#include "shared/core/decimal.h"

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int usdDecimals = 9;

QString explain(DecimalFault fault)
{
    switch (fault) {
    case DecimalFault::Malformed:
        return u"must be an amount in USD such as 12.5"_s;
    case DecimalFault::TooFine:
        return u"must have at most nine decimals"_s;
    case DecimalFault::TooLarge:
        break;
    }
    return u"must lie within 9.2 billion USD"_s;
}

} // namespace

std::expected<Money, QString> Money::fromUsd(QStringView text)
{
    const qsizetype point = text.indexOf(u'.');
    const auto nanos = parseDecimal(text, usdDecimals);
    if (!nanos) {
        return std::unexpected(explain(nanos.error()));
    }
    if (point >= 0 && text.size() - point - 1 > usdDecimals) {
        return std::unexpected(explain(DecimalFault::TooFine));
    }
    return Money(*nanos);
}

QString Money::toUsd() const
{
    return decimalText(m_nanos, usdDecimals);
}

} // namespace delta
