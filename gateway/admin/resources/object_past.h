#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"

#include <QJsonObject>
#include <QString>
#include <QtTypes>

namespace delta::admin {

/// Which object, and which of its kind.
struct ObjectName {
    QString kind; ///< "guardrail"
    QString id;
};

/// Keeps what an object is from now on, in the transaction of the change. Errors: StoreUnavailable.
[[nodiscard]] Result<void> keepVersion(store::ControlTables &tables, const AdminCall &call,
                                       const ObjectName &name, qint64 version,
                                       const QJsonObject &object, WallTime now);

/// Answers with a page of all that an object was, the newest first. Errors: InvalidRequest naming a parameter;
/// StoreUnavailable.
[[nodiscard]] Result<Answer> versionsAnswer(store::ControlTables &tables, const AdminCall &call,
                                            const ObjectName &name);

/// Returns what an object was at a version, as the text of a path names it. Errors: NotFound; StoreUnavailable.
[[nodiscard]] Result<QJsonObject> versionOf(store::ControlTables &tables, const ObjectName &name,
                                            const QString &version);

} // namespace delta::admin
