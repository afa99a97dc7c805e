#pragma once

#include <QLatin1StringView>
#include <QStringList>

#include <optional>
#include <type_traits>

namespace delta {

/// The name of one value of an enumeration, for JSON and for the database.
template <typename Enum>
struct EnumName {
    Enum value;
    QLatin1StringView name;
};

/// An enumeration that has names: beside it stands a function `enumNames(Enum)` that returns an
/// array of EnumName with each value once.
template <typename T>
concept NamedEnum = std::is_enum_v<T> && requires { enumNames(T()); };

/// Returns the name of a value; empty for a number that is none of the values.
template <NamedEnum Enum>
constexpr QLatin1StringView enumName(Enum value)
{
    for (const EnumName<Enum> &row : enumNames(value)) {
        if (row.value == value) {
            return row.name;
        }
    }
    return {};
}

/// Returns the value of a name, or nothing.
template <NamedEnum Enum>
constexpr std::optional<Enum> enumValue(QStringView name)
{
    for (const EnumName<Enum> &row : enumNames(Enum())) {
        if (name == row.name) {
            return row.value;
        }
    }
    return std::nullopt;
}

/// Returns all names, in the order of the table.
template <NamedEnum Enum>
QStringList enumNameList()
{
    QStringList names;
    for (const EnumName<Enum> &row : enumNames(Enum())) {
        names += QString(row.name);
    }
    return names;
}

} // namespace delta
