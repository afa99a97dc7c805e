#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/core/result.h"
#include "shared/json/enum_names.h"

#include <QByteArray>
#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>

#include <chrono>
#include <concepts>
#include <limits>
#include <optional>
#include <vector>

namespace delta {

/// Whose document is being read.
enum class DocumentKind {
    Whole, ///< Written by this library: all fields may be there.
    Patch, ///< A request to change something: read-only fields must not be there.
};

/// Where in a document the reader is.
struct JsonPlace {
    QString path; ///< As in an error: "tiers[1].prices"; empty at the top.
    DocumentKind kind = DocumentKind::Whole;

    [[nodiscard]] JsonPlace member(QLatin1StringView name) const;
    [[nodiscard]] JsonPlace element(qsizetype index) const;
    /// Makes the error for a value that is wrong; `problem` continues the sentence "'path' …".
    [[nodiscard]] ApiError error(const QString &problem) const;
};

/// How a type stands in JSON: encode(value) and decode(json, place, target). A failed decode leaves
/// the target unspecified; the callers that matter decode into a copy.
template <typename T>
struct JsonCodec;

template <>
struct JsonCodec<QString> {
    static QJsonValue encode(const QString &value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, QString &target);
};

/// UTF-8 text.
template <>
struct JsonCodec<QByteArray> {
    static QJsonValue encode(const QByteArray &value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, QByteArray &target);
};

/// Any object, passed on as it is.
template <>
struct JsonCodec<QJsonObject> {
    static QJsonValue encode(const QJsonObject &value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, QJsonObject &target);
};

template <>
struct JsonCodec<bool> {
    static QJsonValue encode(bool value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, bool &target);
};

/// A number in USD with at most nine decimals, e.g. 12.5.
/// Qt keeps a JSON number with a fraction as a double, which is exact enough below 2^23 = 8,388,608
/// USD: doubles lie closer together than a nano there, so each amount has its own, and the shortest
/// text of that double, which is what is written and read here, is the amount again. Beyond, whole
/// dollars stay exact and other amounts are off by less than the double's spacing (1.9 nano up to
/// 16.8 million USD).
/// A number with more decimals is refused, not rounded.
template <>
struct JsonCodec<Money> {
    static QJsonValue encode(Money value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, Money &target);
};

/// ISO 8601 in UTC with milliseconds, e.g. "2026-11-23T13:39:00.000Z". Read with any offset, but
/// not without one: a time without a zone is a guess. Years 0 to 9999.
template <>
struct JsonCodec<WallTime> {
    static QJsonValue encode(WallTime value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, WallTime &target);
};

/// A number of milliseconds with at most three decimals; null if negative, which means "none".
template <>
struct JsonCodec<std::chrono::microseconds> {
    static QJsonValue encode(std::chrono::microseconds value);
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place,
                               std::chrono::microseconds &target);
};

namespace detail {

/// Returns the whole number from `least` to `most` that the JSON value is, or the error.
Result<qint64> wholeNumber(const QJsonValue &json, const JsonPlace &place, qint64 least,
                           qint64 most);
/// Returns the error for a text that is not one of the names.
ApiError unknownName(const QJsonValue &json, const JsonPlace &place, const QStringList &known);

} // namespace detail

/// Returns the exact text of a JSON number: its digits if it is whole, else the shortest decimal
/// text that means the same double. Nothing if the value is no number.
std::optional<QString> numberText(const QJsonValue &json);
/// Makes a JSON number of a decimal text: an integer if it is whole, else the nearest double.
QJsonValue numberFromText(const QString &text);

/// Whole numbers up to 63 bits.
template <std::integral T>
struct JsonCodec<T> {
    static_assert(std::in_range<qint64>(std::numeric_limits<T>::max()),
                  "JSON integers have 63 bits here");

    static QJsonValue encode(T value)
    {
        return QJsonValue(static_cast<qint64>(value));
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, T &target)
    {
        using Limits = std::numeric_limits<T>;
        TRY(const qint64 number, detail::wholeNumber(json, place, Limits::min(), Limits::max()));
        target = static_cast<T>(number);
        return {};
    }
};

/// The name of the value.
template <NamedEnum T>
struct JsonCodec<T> {
    static QJsonValue encode(T value)
    {
        return QString(enumName(value));
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, T &target)
    {
        const std::optional<T> value = enumValue<T>(json.toString());
        if (!value) {
            return failure(detail::unknownName(json, place, enumNameList<T>()));
        }
        target = *value;
        return {};
    }
};

/// null, or what `Codec` makes of the value.
template <typename T, typename Codec = JsonCodec<T>>
struct OptionalCodec {
    static QJsonValue encode(const std::optional<T> &value)
    {
        return value ? Codec::encode(*value) : QJsonValue(QJsonValue::Null);
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place,
                               std::optional<T> &target)
    {
        if (json.isNull()) {
            target.reset();
            return {};
        }
        // A patch of a nested struct changes what is there.
        T value = target.value_or(T());
        TRY_VOID(Codec::decode(json, place, value));
        target = std::move(value);
        return {};
    }
};

template <typename T>
struct JsonCodec<std::optional<T>> : OptionalCodec<T> {
};

/// An array, always replaced whole.
template <typename List>
struct ListCodec {
    using Element = typename List::value_type;

    static QJsonValue encode(const List &list)
    {
        QJsonArray array;
        for (const Element &element : list) {
            array.append(JsonCodec<Element>::encode(element));
        }
        return array;
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, List &target)
    {
        if (!json.isArray()) {
            return failure(place.error(QStringLiteral("must be an array")));
        }
        const QJsonArray array = json.toArray();
        target.clear();
        for (qsizetype i = 0; i < array.size(); ++i) {
            Element element{};
            TRY_VOID(JsonCodec<Element>::decode(array[i], place.element(i), element));
            target.push_back(std::move(element));
        }
        return {};
    }
};

template <typename T>
struct JsonCodec<std::vector<T>> : ListCodec<std::vector<T>> {
};
template <>
struct JsonCodec<QStringList> : ListCodec<QStringList> {
};

/// A text, or an object, that is null in JSON when it is empty: an id of something that need not be.
template <typename Text>
struct NullWhenEmpty {
    static QJsonValue encode(const Text &value)
    {
        return value.isEmpty() ? QJsonValue(QJsonValue::Null) : JsonCodec<Text>::encode(value);
    }
    static Result<void> decode(const QJsonValue &json, const JsonPlace &place, Text &target)
    {
        return JsonCodec<Text>::decode(json, place, target);
    }
};

} // namespace delta
