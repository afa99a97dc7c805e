#pragma once

#include "gateway/admin/access/permission.h"

#include <QByteArrayView>
#include <QLatin1StringView>

#include <span>

/// \file The table of who may do what: each route of the gateway with what it takes. field_table.h has its other half,
/// the fields that a client may set. What is in neither is refused: the gateway does not start with a route that is not
/// listed.

namespace delta::admin {

/// What one has to show to get through a route at all.
enum class Entry {
    Public,     ///< Nothing: health, and what leads to a login.
    Anybody,    ///< Nothing; but who one is makes a difference.
    DataPlane,  ///< A key, the master key or a token: the pipeline decides.
    Identified, ///< Anything that says who one is; what is shown is one's own.
    Permitted,  ///< The permission of the row.
    Delegated, ///< Anything that says who one is: each of its steps takes what the route of that step takes.
    Directory, ///< A token of SCIM, which opens nothing else; and nothing else opens this.
};

/// Where the object of a route is, which decides whose permissions count.
enum class Place {
    Platform,     ///< It concerns everybody.
    Reach,        ///< A list, which shows what the caller may see.
    Organization, ///< The organisation that the path names first; likewise the next four.
    Team,
    User,
    ServiceAccount,
    Key,
    InOrganization, ///< A new object, in the organisation that the body names by organization_id.
    InTeam,         ///< A new object, in the team that the body names by team_id.
    OfOwner, ///< A new object, of whom the body names by organization_id, team_id, user_id, service_account_id.
};

/// Whether somebody with a session has to have shown lately who they are.
enum class StepUp { NotNeeded, Needed };

/// What a route takes.
struct AccessRow {
    QByteArrayView method;
    QByteArrayView pattern; ///< As in the table of routes.
    Entry entry = Entry::Permitted;
    Permission permission = Permission::PlatformManage; ///< With Entry::Permitted only.
    Place place = Place::Platform;
    /// Of which object the body has fields, all of which are in the table of fields; empty: of none.
    QLatin1StringView object = {};
    StepUp stepUp = StepUp::NotNeeded;
    /// With Entry::Delegated: the route of the step that matters, as "POST /ui/api/teams".
    QByteArrayView standsFor = {};
};

/// Returns all rows.
[[nodiscard]] std::span<const AccessRow> accessTable();

/// Returns the row of a route; null if it is not listed.
[[nodiscard]] const AccessRow *accessRow(QByteArrayView method, QByteArrayView pattern);

} // namespace delta::admin
