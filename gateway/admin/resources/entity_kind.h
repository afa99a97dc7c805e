#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/access/permission.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/governance.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"

#include <QByteArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>

#include <optional>

namespace delta::admin {

/// All there is to say about a kind of object of the admin API; EntityApi does the rest. To add one: its struct, its
/// table and statements, one of these, its rows of the access table, and its part of shared/api/openapi.yaml.
template <Described T>
struct EntityKind {
    QLatin1StringView name;   ///< "team": in the audit log, in errors, and in the tables of access.
    QByteArray path;          ///< "/ui/api/teams"
    QLatin1StringView prefix; ///< Of the ids that the gateway makes: "team-".
    QString T::*id;
    QString T::*title; ///< What people call it.
    Block T::*block;
    EntityStamp T::*stamp;
    Permission read; ///< What it takes to see one.
    store::EntityTable<T> store::ControlTables::*table;
    std::optional<GovernedScope> scope; ///< Absent: nothing limits it.

    /// Returns to whom an object belongs. Errors: StoreUnavailable.
    Result<Placement> (*place)(store::ControlTables &tables, const T &object);
    /// Checks a new object, or one that was `before`, against what else there is.
    /// Errors: InvalidRequest or Conflict naming the field; PermissionDenied; StoreUnavailable.
    Result<void> (*check)(store::ControlTables &tables, const AdminCall &call, const T &object,
                          const T *before);
    /// Does what goes with a removal, or refuses it. Errors: Conflict; StoreUnavailable.
    Result<void> (*leave)(store::ControlTables &tables, const T &object);
    /// Returns what is worked out of an object: members of its JSON. Errors: StoreUnavailable.
    Result<QJsonObject> (*workOut)(store::ControlTables &tables, const T &object);
};

} // namespace delta::admin
