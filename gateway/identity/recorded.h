#pragma once

#include "gateway/identity/identity_parts.h"
#include "gateway/ports/people.h"
#include "gateway/store/login_tables.h"
#include "shared/core/result.h"
#include "shared/models/audit_event.h"

#include <QString>

#include <functional>

namespace delta::identity {

/// What the audit log is told of a change.
struct AuditNote {
    QString action; ///< "login", "password.change"
    ports::Person target;
    AuditEvent by; ///< Who did it and how they came; the rest is filled in.
};

/// Returns the beginning of a record of what a user did to their own login.
[[nodiscard]] AuditEvent byPerson(const ports::Person &person, const Visitor &visitor);

/// Does all of the work and writes it to the audit log, or nothing of it. On the thread of the store.
/// Errors: those of the work; StoreUnavailable.
[[nodiscard]] Result<void> recorded(const IdentityParts &parts, const AuditNote &note,
                                    const std::function<Result<void>(store::LoginTables &)> &work);

} // namespace delta::identity
