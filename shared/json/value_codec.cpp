#include "shared/json/value_codec.h"

#include "shared/core/decimal.h"
#include "shared/core/nearest_name.h"
#include "shared/core/quoted.h"

#include <QDateTime>
#include <QLocale>
#include <QTimeZone>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

constexpr int usdDecimals = 9;
constexpr int millisecondDecimals = 3;

/// Returns the value as an integer if that is what it is.
std::optional<qint64> exactInteger(const QJsonValue &json)
{
    // toInteger() gives its default back for whatever is no integer, so two defaults unmask one.
    const qint64 value = json.toInteger(0);
    return value == json.toInteger(1) ? std::optional(value) : std::nullopt;
}

} // namespace

JsonPlace JsonPlace::member(QLatin1StringView name) const
{
    return {path.isEmpty() ? QString(name) : path + u'.' + name, kind};
}

JsonPlace JsonPlace::element(qsizetype index) const
{
    return {u"%1[%2]"_s.arg(path).arg(index), kind};
}

ApiError JsonPlace::error(const QString &problem) const
{
    const QString subject = path.isEmpty() ? u"The document"_s : quoted(path);
    return ApiError::invalidRequest(subject + u' ' + problem + u'.', path);
}

QJsonValue JsonCodec<QString>::encode(const QString &value)
{
    return value;
}

Result<void> JsonCodec<QString>::decode(const QJsonValue &json, const JsonPlace &place,
                                        QString &target)
{
    if (!json.isString()) {
        return failure(place.error(u"must be a text"_s));
    }
    target = json.toString();
    return {};
}

QJsonValue JsonCodec<QByteArray>::encode(const QByteArray &value)
{
    return QString::fromUtf8(value);
}

Result<void> JsonCodec<QByteArray>::decode(const QJsonValue &json, const JsonPlace &place,
                                           QByteArray &target)
{
    if (!json.isString()) {
        return failure(place.error(u"must be a text"_s));
    }
    target = json.toString().toUtf8();
    return {};
}

QJsonValue JsonCodec<QJsonObject>::encode(const QJsonObject &value)
{
    return value;
}

Result<void> JsonCodec<QJsonObject>::decode(const QJsonValue &json, const JsonPlace &place,
                                            QJsonObject &target)
{
    if (!json.isObject()) {
        return failure(place.error(u"must be an object"_s));
    }
    target = json.toObject();
    return {};
}

QJsonValue JsonCodec<bool>::encode(bool value)
{
    return value;
}

Result<void> JsonCodec<bool>::decode(const QJsonValue &json, const JsonPlace &place, bool &target)
{
    if (!json.isBool()) {
        return failure(place.error(u"must be true or false"_s));
    }
    target = json.toBool();
    return {};
}

QJsonValue JsonCodec<Money>::encode(Money value)
{
    return numberFromText(value.toUsd());
}

Result<void> JsonCodec<Money>::decode(const QJsonValue &json, const JsonPlace &place, Money &target)
{
    const std::optional<QString> text = numberText(json);
    const auto nanos = text ? parseDecimal(*text, usdDecimals, Exponent::Accept)
                            : std::unexpected(DecimalFault::Malformed);
    if (nanos) {
        target = Money::fromNanos(*nanos);
        return {};
    }
    return failure(place.error(nanos.error() == DecimalFault::TooLarge
                                   ? u"must lie within 9.2 billion USD"_s
                                   : u"must be a number in USD with at most nine decimals"_s));
}

QJsonValue JsonCodec<WallTime>::encode(WallTime value)
{
    return QDateTime::fromStdTimePoint(value).toString(Qt::ISODateWithMs);
}

Result<void> JsonCodec<WallTime>::decode(const QJsonValue &json, const JsonPlace &place,
                                         WallTime &target)
{
    const QDateTime time = QDateTime::fromString(json.toString(), Qt::ISODateWithMs);
    if (!time.isValid() || time.timeSpec() == Qt::LocalTime) {
        return failure(place.error(
            u"must be a time in ISO 8601 with Z or an offset, such as \"2026-11-23T13:39:00Z\""_s));
    }
    target = WallTime(std::chrono::milliseconds(time.toMSecsSinceEpoch()));
    return {};
}

QJsonValue JsonCodec<std::chrono::microseconds>::encode(std::chrono::microseconds value)
{
    return value.count() < 0 ? QJsonValue(QJsonValue::Null)
                             : numberFromText(decimalText(value.count(), millisecondDecimals));
}

Result<void> JsonCodec<std::chrono::microseconds>::decode(const QJsonValue &json,
                                                          const JsonPlace &place,
                                                          std::chrono::microseconds &target)
{
    const std::optional<QString> text = numberText(json);
    const auto count = text ? parseDecimal(*text, millisecondDecimals, Exponent::Accept)
                            : std::unexpected(DecimalFault::Malformed);
    if (!count || *count < 0) {
        return failure(
            place.error(u"must be a number of milliseconds with at most three decimals"_s));
    }
    target = std::chrono::microseconds(*count);
    return {};
}

Result<qint64> detail::wholeNumber(const QJsonValue &json, const JsonPlace &place, qint64 least,
                                   qint64 most)
{
    const std::optional<qint64> value = exactInteger(json);
    if (!value || *value < least || *value > most) {
        return failure(place.error(u"must be a whole number from %1 to %2"_s.arg(least).arg(most)));
    }
    return *value;
}

ApiError detail::unknownName(const QJsonValue &json, const JsonPlace &place,
                             const QStringList &known)
{
    const QString nearest = nearestName(json.toString(), known);
    ApiError error = place.error(u"must be one of \"%1\""_s.arg(known.join(u"\", \""_s)));
    if (!nearest.isEmpty()) {
        error.message += u" Did you mean \"%1\"?"_s.arg(nearest);
    }
    return error;
}

std::optional<QString> numberText(const QJsonValue &json)
{
    if (!json.isDouble()) {
        return std::nullopt;
    }
    if (const std::optional<qint64> whole = exactInteger(json)) {
        return QString::number(*whole);
    }
    return QString::number(json.toDouble(), 'g', QLocale::FloatingPointShortest);
}

QJsonValue numberFromText(const QString &text)
{
    bool isWhole = false;
    const qint64 whole = text.toLongLong(&isWhole);
    return isWhole ? QJsonValue(whole) : QJsonValue(text.toDouble());
}

} // namespace delta
