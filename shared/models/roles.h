#pragma once

#include "shared/json/enum_names.h"

#include <array>

namespace delta {

/// What a user may do everywhere.
enum class PlatformRole {
    None,   ///< Nothing by itself: what counts is the user's place in organisations and teams.
    Admin,  ///< Everything.
    Viewer, ///< See everything, secrets excepted, and change nothing.
};

constexpr auto enumNames(PlatformRole)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{PlatformRole::None, "none"_L1},
        EnumName{PlatformRole::Admin, "platform_admin"_L1},
        EnumName{PlatformRole::Viewer, "platform_viewer"_L1},
    };
}

/// What a member of an organisation may do in it and in all of its teams.
enum class OrganizationRole {
    Viewer, ///< See them and what they spend.
    Admin,  ///< And change teams, members and keys.
    Owner,  ///< And change the organisation, and who owns it.
};

constexpr auto enumNames(OrganizationRole)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{OrganizationRole::Viewer, "org_viewer"_L1},
        EnumName{OrganizationRole::Admin, "org_admin"_L1},
        EnumName{OrganizationRole::Owner, "org_owner"_L1},
    };
}

/// What a member of a team may do in it.
enum class TeamRole {
    Viewer, ///< See it and what it spends.
    Member, ///< And make keys of their own.
    Admin,  ///< And change the team, its members and all of its keys.
};

constexpr auto enumNames(TeamRole)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{TeamRole::Viewer, "team_viewer"_L1},
        EnumName{TeamRole::Member, "team_member"_L1},
        EnumName{TeamRole::Admin, "team_admin"_L1},
    };
}

} // namespace delta
