#pragma once

#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"
#include "shared/models/object_version.h"

#include <QString>

#include <optional>

/// \file Where guardrails, route groups and the past of objects lie.

namespace delta::store {

[[nodiscard]] const EntityStatements &guardrailStatements();
[[nodiscard]] const EntityStatements &routeGroupStatements();
[[nodiscard]] const EntityStatements &objectVersionStatements();
[[nodiscard]] const ListShape &guardrailList();
[[nodiscard]] const ListShape &routeGroupList();
/// To be asked with the filters `kind` and `object_id`.
[[nodiscard]] const ListShape &objectVersionList();

/// Returns what an object is; nothing if it never was. Errors: StoreUnavailable.
[[nodiscard]] Result<std::optional<ObjectVersion>> newestVersion(Database &database,
                                                                 const QString &kind,
                                                                 const QString &objectId);

/// Forgets all that an object was. Errors: StoreUnavailable.
[[nodiscard]] Result<void> forgetVersions(Database &database, const QString &kind,
                                          const QString &objectId);

} // namespace delta::store
