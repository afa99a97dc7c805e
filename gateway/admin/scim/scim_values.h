#pragma once

#include "gateway/admin/scim/scim_schema.h"
#include "shared/core/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QJsonValue>
#include <QString>
#include <QStringView>
#include <QtTypes>

#include <span>

/// \file What clients send, as it is kept: names as the schema spells them, values of the right kind, without what only
/// the gateway sets, what is null, and what the schema does not have.

namespace delta::admin::scim {

/// How many values a list of a user may have, and how many members a group.
inline constexpr qsizetype mostValues = 20;
inline constexpr qsizetype mostMembers = 20'000;

/// Reads a resource that is to be made or replaced.
/// Errors: InvalidRequest with the code `invalidValue`, naming the attribute.
[[nodiscard]] Result<QJsonObject> readResource(const ResourceType &type, const QJsonObject &body);

/// Reads the value of an attribute, called `path` in errors: of a list all values. Undefined: there is none.
/// Some directories wrap a plain value in a list of one object, and write booleans as texts; both are taken.
/// Errors: likewise.
[[nodiscard]] Result<QJsonValue> readValue(const Attribute &attribute, const QJsonValue &value,
                                           const QString &path);

/// Reads one value of a list. Errors: likewise.
[[nodiscard]] Result<QJsonValue> readElement(const Attribute &attribute, const QJsonValue &value,
                                             const QString &path);

/// Reads those members of an object that are among the attributes. Errors: likewise.
[[nodiscard]] Result<QJsonObject> readAttributes(std::span<const Attribute> attributes,
                                                 const QJsonObject &object, const QString &path);

/// Checks that a list is not too long, and that at most one of its values is the primary one. Errors: likewise.
[[nodiscard]] Result<void> checkList(const Attribute &attribute, const QJsonArray &values,
                                     const QString &path);

/// Returns the member of an object by a name in whatever case; undefined if there is none.
[[nodiscard]] QJsonValue memberOf(const QJsonObject &object, QStringView name);

} // namespace delta::admin::scim
