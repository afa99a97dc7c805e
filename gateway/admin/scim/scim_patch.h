#pragma once

#include "gateway/admin/scim/scim_schema.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QtTypes>

namespace delta::admin::scim {

/// How many operations a patch may have.
inline constexpr qsizetype mostOperations = 1'000;

/// Applies the operations of a patch to a resource as readResource() gives it, all of them or none, and returns it
/// changed. Takes what directories send beyond the standard: operations in capital letters, values without a path whose
/// names are paths, and a list of the values to be removed.
/// Errors: InvalidRequest with the code `invalidSyntax`, `invalidPath`, `noTarget`, `mutability` or `invalidValue`.
/// Source: RFC 7644 §3.5.2.
[[nodiscard]] Result<QJsonObject> applyPatch(const ResourceType &type, QJsonObject resource,
                                             const QJsonObject &body);

} // namespace delta::admin::scim
