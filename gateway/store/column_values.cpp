#include "gateway/store/column_values.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QMetaType>

#include <chrono>

namespace delta::store {

using namespace Qt::StringLiterals;

QString present(const QString &text)
{
    return text.isNull() ? u""_s : text;
}

QString textSet(const QStringList &texts)
{
    QJsonObject set;
    for (const QString &text : texts) {
        set.insert(text, QJsonValue());
    }
    return QString::fromUtf8(QJsonDocument(set).toJson(QJsonDocument::Compact));
}

QVariant numberOrNull(std::optional<qint64> number)
{
    return number ? QVariant(*number) : QVariant(QMetaType::fromType<qint64>());
}

QVariant timeColumn(WallTime time)
{
    return qint64(time.time_since_epoch().count());
}

WallTime timeAt(const QSqlQuery &row, int column)
{
    return WallTime(std::chrono::milliseconds(row.value(column).toLongLong()));
}

std::optional<WallTime> timeOrNoneAt(const QSqlQuery &row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(timeAt(row, column));
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
