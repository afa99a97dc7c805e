#pragma once

#include "shared/json/enum_names.h"

#include <QString>

#include <string>

namespace delta::app {

/// Returns a text of the command line as Qt has it.
[[nodiscard]] inline QString textOf(const std::string &value)
{
    return QString::fromStdString(value);
}

/// Says what is wrong with the name of a value of an enumeration; "" if nothing is.
template <NamedEnum Enum>
[[nodiscard]] std::string nameFault(const std::string &value)
{
    const QStringList names = enumNameList<Enum>();
    return names.contains(textOf(value))
        ? std::string()
        : QStringLiteral("must be one of %1").arg(names.join(QStringLiteral(", "))).toStdString();
}

} // namespace delta::app
