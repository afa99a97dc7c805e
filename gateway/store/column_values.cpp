#include "gateway/store/column_values.h"

#include <QMetaType>

namespace delta::store {

using namespace Qt::StringLiterals;

QString present(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

QVariant numberOrNull(std::optional<qint64> number)
{
    return number ? QVariant(*number) : QVariant(QMetaType::fromType<qint64>());
}

QVariantList rateColumns(const RateLimits &limits)
{
    return {numberOrNull(limits.requestsPerMinute), numberOrNull(limits.requestsPerHour),
            numberOrNull(limits.requestsPerDay),    numberOrNull(limits.tokensPerMinute),
            numberOrNull(limits.tokensPerHour),     numberOrNull(limits.tokensPerDay),
            numberOrNull(limits.parallelRequests)};
}

RateLimits rateLimitsAt(const QSqlQuery &row, int first)
{
    const auto at = [&row, first](int column) {
        const QVariant value = row.value(first + column);
        return value.isNull() ? std::nullopt : std::optional(value.toLongLong());
    };
    return {at(0), at(1), at(2), at(3), at(4), at(5), at(6)};
}

} // namespace delta::store
