#pragma once

#include "gateway/admin/access/caller.h"
#include "gateway/admin/access/permission.h"
#include "gateway/admin/contract/admin_call.h"
#include "gateway/admin/resources/governance.h"
#include "gateway/store/control_tables.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"
#include "shared/json/describe.h"
#include "shared/models/block.h"
#include "shared/models/entity_stamp.h"

#include <QByteArray>
#include <QJsonObject>
#include <QLatin1StringView>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>
#include <span>
#include <vector>

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
    Block T::*block;   ///< Null: one cannot be blocked.
    EntityStamp T::*stamp;
    Permission read; ///< What it takes to see one.
    store::EntityTable<T> store::ControlTables::*table;
    std::optional<GovernedScope> scope; ///< Absent: nothing limits it.

    /// Returns to whom an object belongs. Errors: StoreUnavailable.
    std::function<Result<Placement>(store::ControlTables &tables, const T &object)> place;
    /// Checks a new object, or one that was `before`, against what else there is.
    /// Errors: InvalidRequest or Conflict naming the field; PermissionDenied; StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const AdminCall &call, const T &object,
                               const T *before)>
        check;
    /// Decides on a new object by what is to limit it. Null: there is nothing to decide.
    /// Errors: PermissionDenied or InvalidRequest naming the field; StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const AdminCall &call, const T &object,
                               const Governance &governance)>
        admit = {};
    /// Does what goes with a removal, or refuses it. Errors: Conflict; StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const T &object)> leave;
    /// Refuses a block or the removal of an object that must go on working. Null: all may be stopped. Errors: Conflict;
    /// StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const AdminCall &call,
                               const T &object)>
        stop = {};
    /// Returns what is worked out of some objects, in their order: members of their JSON. A page asks for all of it at
    /// once, so that it takes as many statements as one object does. Null: there is nothing to work out.
    /// Errors: StoreUnavailable.
    std::function<Result<std::vector<QJsonObject>>(store::ControlTables &tables,
                                                   std::span<const T> objects)>
        workOut = {};

    /// Whether all that an object ever was is kept, to be seen and restored.
    bool isVersioned = false;
    /// The field of a request that is kept apart and never shown again; empty: there is none.
    QLatin1StringView secret = {};
    /// Completes an object before check(): keeps the secret that came with the request, which is empty where there is
    /// none, and works out what follows from other fields. Errors: InvalidRequest naming the field; StoreUnavailable.
    std::function<Result<void>(store::ControlTables &tables, const Secret &secret, T &object,
                               const T *before)>
        complete = {};
    /// Adds the row of a new object with what only the gateway gives it, as its revision 0; the rest is written over
    /// it. Returns what the answer shows besides, this once. Null: it is a row like any other.
    /// Errors: StoreUnavailable.
    std::function<Result<QJsonObject>(store::ControlTables &tables, const AdminCall &call,
                                      T &object)>
        issue = {};
};

/// Returns a text of each of some objects: their ids, for instance.
template <typename T>
QStringList textsOf(std::span<const T> objects, QString T::*text)
{
    QStringList texts;
    for (const T &object : objects) {
        texts.append(object.*text);
    }
    return texts;
}

/// Returns what a function makes of each of some objects, in their order.
template <typename T, typename Make>
std::vector<QJsonObject> jsonOfEach(std::span<const T> objects, const Make &make)
{
    std::vector<QJsonObject> made;
    made.reserve(objects.size());
    for (const T &object : objects) {
        made.push_back(make(object));
    }
    return made;
}

} // namespace delta::admin
