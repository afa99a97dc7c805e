#pragma once

#include "gateway/admin/access/permission.h"

#include <QLatin1StringView>
#include <QStringList>
#include <QStringView>

#include <optional>
#include <span>

/// \file The fields that a client may set, with what each takes: the other half of access_table.h.

namespace delta::admin {

/// What it takes to set a field beyond what the route takes.
struct FieldRow {
    QLatin1StringView object; ///< "team", "user" and so on.
    QLatin1StringView field;
    Permission permission;
};

/// Returns all rows.
[[nodiscard]] std::span<const FieldRow> fieldTable();

/// Returns what it takes to set a field; nothing if it is not listed, and so must not be set.
[[nodiscard]] std::optional<Permission> fieldPermission(QLatin1StringView object,
                                                        QStringView field);

/// Returns the fields of an object that can be set.
[[nodiscard]] QStringList settableFields(QLatin1StringView object);

} // namespace delta::admin
