#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/models/audit_event.h"

#include <QJsonObject>
#include <QString>

namespace delta::admin {

/// What a caller changed.
struct Change {
    QString action;     ///< "team.update"
    QString kind;       ///< "team"
    QString id;         ///< Of the object.
    QString name;       ///< Of the object, for people.
    Placement place;    ///< To whom it belongs.
    QJsonObject before; ///< Empty: it was not there.
    QJsonObject after;  ///< Empty: it is gone.
    QString reason;     ///< Empty: none was given.
};

/// Returns the beginning of a record: who asks, and how they came.
[[nodiscard]] AuditEvent auditEventOf(const AdminCall &call);

/// Writes a change to the audit log: within the Store::change() that makes it, as the last thing in it.
/// Errors: StoreUnavailable; then nothing was changed.
[[nodiscard]] Result<void> recordChange(store::ControlTables &tables, const AdminCall &call,
                                        const Change &change, WallTime now);

} // namespace delta::admin
