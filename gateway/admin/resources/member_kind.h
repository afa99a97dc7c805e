#pragma once

#include "gateway/admin/contract/admin_call.h"
#include "gateway/store/control_tables.h"
#include "shared/core/clock.h"
#include "shared/core/result.h"
#include "shared/json/describe.h"

#include <QByteArray>
#include <QLatin1StringView>
#include <QString>

namespace delta::admin {

/// All there is to say about the members of a kind of group: teams, or organisations.
template <Described Member>
struct MemberKind {
    QLatin1StringView name;  ///< "team_member": in the audit log and in the table of fields.
    QLatin1StringView group; ///< "team_id": by which a list is narrowed to one.
    QByteArray path;         ///< "/ui/api/teams/{team_id}/members"
    QString Member::*groupId;
    QString Member::*userId;
    WallTime Member::*createdAt;
    store::EntityTable<Member> store::ControlTables::*table;

    /// Returns to whom a group belongs. Errors: StoreUnavailable.
    Result<Placement> (*place)(store::ControlTables &tables, const QString &groupId);
    /// Checks what becomes of a member: `after` of whom was `before`, null where they come or go.
    /// Errors: PermissionDenied, Conflict; StoreUnavailable.
    Result<void> (*check)(store::ControlTables &tables, const AdminCall &call, const Member *before,
                          const Member *after);
    /// Does what goes with a removal; returns what the audit log says of it. Null: nothing does.
    /// Errors: StoreUnavailable.
    Result<QString> (*leave)(store::ControlTables &tables, const Member &member,
                             WallTime now) = nullptr;
};

} // namespace delta::admin
