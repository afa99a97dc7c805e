#pragma once

#include "gateway/store/column_values.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"
#include "shared/json/describe.h"
#include "shared/json/enum_names.h"
#include "shared/json/json_codec.h"
#include "shared/models/period.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSqlQuery>
#include <QString>
#include <QStringList>
#include <QVariant>
#include <QVariantList>

#include <chrono>
#include <concepts>
#include <optional>
#include <type_traits>
#include <vector>

/// \file A described struct as a row: a column for each field, of the same name and in the same order. Texts are
/// never NULL, lists and objects are JSON, times milliseconds since 1970 UTC, names of enumerations texts.

namespace delta::store {

/// How a type lies in a column: write(value), and read(column, target).
template <typename T>
struct ColumnCodec;

template <>
struct ColumnCodec<QString> {
    static QVariant write(const QString &value)
    {
        return present(value);
    }
    static void read(const QVariant &column, QString &target)
    {
        target = column.toString();
    }
};

/// ASCII, such as a hash in hex.
template <>
struct ColumnCodec<QByteArray> {
    static QVariant write(const QByteArray &value)
    {
        return QString::fromLatin1(value);
    }
    static void read(const QVariant &column, QByteArray &target)
    {
        target = column.toString().toLatin1();
    }
};

template <>
struct ColumnCodec<bool> {
    static QVariant write(bool value)
    {
        return value ? 1 : 0;
    }
    static void read(const QVariant &column, bool &target)
    {
        target = column.toLongLong() != 0;
    }
};

template <std::integral T>
struct ColumnCodec<T> {
    static QVariant write(T value)
    {
        return static_cast<qint64>(value);
    }
    static void read(const QVariant &column, T &target)
    {
        target = static_cast<T>(column.toLongLong());
    }
};

template <>
struct ColumnCodec<WallTime> {
    static QVariant write(WallTime value)
    {
        return static_cast<qint64>(value.time_since_epoch().count());
    }
    static void read(const QVariant &column, WallTime &target)
    {
        target = WallTime(std::chrono::milliseconds(column.toLongLong()));
    }
};

/// In nanodollars.
template <>
struct ColumnCodec<Money> {
    static QVariant write(Money value)
    {
        return static_cast<qint64>(value.nanos());
    }
    static void read(const QVariant &column, Money &target)
    {
        target = Money::fromNanos(column.toLongLong());
    }
};

/// A text such as '30d'. What this version does not understand reads as a day.
template <>
struct ColumnCodec<Period> {
    static QVariant write(const Period &value)
    {
        return value.toText();
    }
    static void read(const QVariant &column, Period &target)
    {
        target = Period::fromText(column.toString()).value_or(Period());
    }
};

/// A name that this version does not know reads as the enumeration's first value, which may do least.
template <NamedEnum T>
struct ColumnCodec<T> {
    static QVariant write(T value)
    {
        return QString(enumName(value));
    }
    static void read(const QVariant &column, T &target)
    {
        target = enumValue<T>(column.toString()).value_or(T());
    }
};

template <>
struct ColumnCodec<QStringList> {
    static QVariant write(const QStringList &value)
    {
        return QString::fromUtf8(
            QJsonDocument(QJsonArray::fromStringList(value)).toJson(QJsonDocument::Compact));
    }
    static void read(const QVariant &column, QStringList &target)
    {
        target.clear();
        for (const auto &element : QJsonDocument::fromJson(column.toString().toUtf8()).array()) {
            target.append(element.toString());
        }
    }
};

template <>
struct ColumnCodec<QJsonObject> {
    static QVariant write(const QJsonObject &value)
    {
        return QString::fromUtf8(QJsonDocument(value).toJson(QJsonDocument::Compact));
    }
    static void read(const QVariant &column, QJsonObject &target)
    {
        target = QJsonDocument::fromJson(column.toString().toUtf8()).object();
    }
};

/// JSON in one column. What this version does not understand of it reads as the default.
template <Described T>
struct ColumnCodec<T> {
    static QVariant write(const T &value)
    {
        return ColumnCodec<QJsonObject>::write(toJson(value));
    }
    static void read(const QVariant &column, T &target)
    {
        QJsonObject object;
        ColumnCodec<QJsonObject>::read(column, object);
        target = fromJson<T>(object).value_or(T());
    }
};

/// JSON in one column, likewise.
template <Described T>
struct ColumnCodec<std::vector<T>> {
    static QVariant write(const std::vector<T> &value)
    {
        QJsonArray array;
        for (const T &element : value) {
            array.append(toJson(element));
        }
        return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
    }
    static void read(const QVariant &column, std::vector<T> &target)
    {
        target.clear();
        for (const auto &element : QJsonDocument::fromJson(column.toString().toUtf8()).array()) {
            target.push_back(fromJson<T>(element.toObject()).value_or(T()));
        }
    }
};

/// JSON in one column.
template <>
struct ColumnCodec<std::vector<int>> {
    static QVariant write(const std::vector<int> &value)
    {
        QJsonArray array;
        for (const int element : value) {
            array.append(element);
        }
        return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
    }
    static void read(const QVariant &column, std::vector<int> &target)
    {
        target.clear();
        for (const auto &element : QJsonDocument::fromJson(column.toString().toUtf8()).array()) {
            target.push_back(element.toInt());
        }
    }
};

/// NULL where there is nothing.
template <typename T>
struct ColumnCodec<std::optional<T>> {
    static QVariant write(const std::optional<T> &value)
    {
        return value ? ColumnCodec<T>::write(*value) : QVariant(QMetaType::fromType<qint64>());
    }
    static void read(const QVariant &column, std::optional<T> &target)
    {
        if (column.isNull()) {
            target.reset();
            return;
        }
        T value{};
        ColumnCodec<T>::read(column, value);
        target = std::move(value);
    }
};

template <Described T>
void appendColumns(QVariantList &columns, const T &source);
template <Described T>
void readColumns(const QSqlQuery &row, int &next, T &target);

namespace detail {

template <typename Codec, typename Struct, typename Member>
void appendColumn(QVariantList &columns, const Field<Codec, Struct, Member> &field,
                  const Struct &source)
{
    columns.append(ColumnCodec<Member>::write(source.*(field.member)));
}

template <typename Struct, typename Member>
void appendColumn(QVariantList &columns, const InlinedField<Struct, Member> &field,
                  const Struct &source)
{
    appendColumns(columns, source.*(field.member));
}

template <typename Codec, typename Struct, typename Member>
void readColumn(const QSqlQuery &row, int &next, const Field<Codec, Struct, Member> &field,
                Struct &target)
{
    ColumnCodec<Member>::read(row.value(next++), target.*(field.member));
}

template <typename Struct, typename Member>
void readColumn(const QSqlQuery &row, int &next, const InlinedField<Struct, Member> &field,
                Struct &target)
{
    readColumns(row, next, target.*(field.member));
}

} // namespace detail

template <Described T>
void appendColumns(QVariantList &columns, const T &source)
{
    forEachField<T>([&](const auto &field) { detail::appendColumn(columns, field, source); });
}

template <Described T>
void readColumns(const QSqlQuery &row, int &next, T &target)
{
    forEachField<T>([&](const auto &field) { detail::readColumn(row, next, field, target); });
}

/// Returns the columns of a struct, in order.
template <Described T>
[[nodiscard]] QVariantList columnsOf(const T &source)
{
    QVariantList columns;
    appendColumns(columns, source);
    return columns;
}

/// Reads a struct from the first columns of a row.
template <Described T>
[[nodiscard]] T structOf(const QSqlQuery &row)
{
    T target{};
    int next = 0;
    readColumns(row, next, target);
    return target;
}

} // namespace delta::store
