#pragma once

#include "gateway/store/entity_table.h"
#include "gateway/store/list_question.h"

namespace delta::store {

/// Where the audit log is read by admins. Events are written by AuditTrail, and never changed.
[[nodiscard]] const EntityStatements &auditStatements();
/// Sorted by `sequence` only, the newest first where it is not said: the id of an event is its hash.
[[nodiscard]] const ListShape &auditList();

} // namespace delta::store
