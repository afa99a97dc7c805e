#pragma once

#include "gateway/admin/access/permission.h"
#include "gateway/store/list_question.h"
#include "shared/models/roles.h"

#include <QLatin1StringView>
#include <QString>

#include <array>
#include <vector>

namespace delta::admin {

/// How somebody came to be known to the admin API.
enum class CallerKind {
    Nobody,         ///< Sent no credential; may only do what needs none.
    Master,         ///< Holds the master key: may do everything.
    User,           ///< Has a session of a console.
    ServiceAccount, ///< Holds a key of a service account.
    Key,            ///< Holds another virtual key: may only ask about itself.
    Directory,      ///< Holds a token of SCIM: may provision users and groups, and nothing else.
};

constexpr auto enumNames(CallerKind)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{CallerKind::Nobody, "nobody"_L1},
        EnumName{CallerKind::Master, "master_key"_L1},
        EnumName{CallerKind::User, "user"_L1},
        EnumName{CallerKind::ServiceAccount, "service_account"_L1},
        EnumName{CallerKind::Key, "key"_L1},
        EnumName{CallerKind::Directory, "scim"_L1},
    };
}

/// A role of a caller in one organisation.
struct OrganizationPlace {
    QString organizationId;
    OrganizationRole role = OrganizationRole::Viewer;
};

/// A role of a caller in one team.
struct TeamPlace {
    QString teamId;
    TeamRole role = TeamRole::Viewer;
};

/// To whom an object belongs. Empty: to none of that kind.
struct Placement {
    QString organizationId;
    QString teamId;
    QString userId;
    QString serviceAccountId;
};

/// Who asks the admin API, and what they may do. Made anew for each request.
struct Caller {
    CallerKind kind = CallerKind::Nobody;
    QString id;   ///< Of the user, the service account or the key; "master" for the master key.
    QString name; ///< For people: an e-mail address, a name, or a key's alias.
    PlatformRole role = PlatformRole::None;
    std::vector<OrganizationPlace> organizations;
    std::vector<TeamPlace> teams;
    QString serviceTeamId; ///< Of a service account.
    QString sessionId;     ///< Of a User; empty for others.

    /// Says whether the caller may do something with what belongs to `place`, which may be their own.
    [[nodiscard]] bool may(Permission permission, const Placement &place) const;
    /// Says whether they may do it everywhere.
    [[nodiscard]] bool mayEverywhere(Permission permission) const;
    /// Says whether they may do it anywhere at all.
    [[nodiscard]] bool mayAnywhere(Permission permission) const;
    /// Returns what a list may show them of what they need `permission` for.
    [[nodiscard]] store::ListReach reach(Permission permission) const;
    /// Says whether something belongs to the caller.
    [[nodiscard]] bool owns(const Placement &place) const;
};

} // namespace delta::admin
