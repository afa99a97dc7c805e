#pragma once

#include "shared/models/audit_event.h"
#include "shared/models/budget.h"
#include "shared/models/rate_limit.h"
#include "shared/models/virtual_key.h"

#include <QString>

namespace delta::store {

/// How something was before a change and is after it. Null: it was not there, or is gone; the first or the second is
/// always there.
template <typename Record>
struct BeforeAndAfter {
    const Record *before = nullptr;
    const Record *after = nullptr;
};

/// Describe for the audit log what is changed through the ports of the store: action, target, before and after. Who did
/// it and when is filled in.
[[nodiscard]] AuditEvent keyChange(const BeforeAndAfter<VirtualKey> &key);
[[nodiscard]] AuditEvent budgetChange(const BeforeAndAfter<Budget> &budget);
[[nodiscard]] AuditEvent rateLimitChange(const BeforeAndAfter<RateLimit> &limit);
/// A budget that began anew. `reason`: why; it may be empty.
[[nodiscard]] AuditEvent budgetReset(const QString &budgetId, const QString &reason);

} // namespace delta::store
