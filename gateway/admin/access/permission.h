#pragma once

#include "shared/json/enum_names.h"

#include <array>

namespace delta::admin {

/// What somebody may do, as the consoles call it. A role has a set of these, see rolePermissions().
enum class Permission {
    OrganizationRead,
    OrganizationUpdate, ///< Its name and notes, and who is a member but for owners.
    OrganizationOwn,    ///< Who owns it.
    TeamRead,
    TeamCreate, ///< Make and remove teams, and move them within an organisation.
    TeamUpdate, ///< A team's name and notes, its members and service accounts.
    LimitsUpdate, ///< Budgets, rate limits, models and blocks of organisations, teams and users below it.
    UserRead,
    UserUpdate, ///< Make and change users.
    UserManage, ///< What they may do on the platform, their logins and sessions.
    KeyRead,
    KeyUpdate, ///< Make, change, rotate, block and remove all keys.
    KeyLimits, ///< What bounds a key that is there, and whether one that is blocked works again.
    KeyOwn, ///< Keys of one's own: make them as the team lets its members, rotate, block and remove them.
    SpendRead,
    SpendOwn,      ///< What one's own keys spent.
    ContentManage, ///< Whether a key's prompts and answers are kept, and to read those that are.
    AuditRead,
    ModelRead,
    ConfigRead,
    ConfigUpdate,
    PlatformManage, ///< Organisations, and all else that concerns everybody.
};

constexpr auto enumNames(Permission)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{Permission::OrganizationRead, "organization.read"_L1},
        EnumName{Permission::OrganizationUpdate, "organization.update"_L1},
        EnumName{Permission::OrganizationOwn, "organization.own"_L1},
        EnumName{Permission::TeamRead, "team.read"_L1},
        EnumName{Permission::TeamCreate, "team.create"_L1},
        EnumName{Permission::TeamUpdate, "team.update"_L1},
        EnumName{Permission::LimitsUpdate, "limits.update"_L1},
        EnumName{Permission::UserRead, "user.read"_L1},
        EnumName{Permission::UserUpdate, "user.update"_L1},
        EnumName{Permission::UserManage, "user.manage"_L1},
        EnumName{Permission::KeyRead, "key.read"_L1},
        EnumName{Permission::KeyUpdate, "key.update"_L1},
        EnumName{Permission::KeyLimits, "key.limits"_L1},
        EnumName{Permission::KeyOwn, "key.own"_L1},
        EnumName{Permission::SpendRead, "spend.read"_L1},
        EnumName{Permission::SpendOwn, "spend.own"_L1},
        EnumName{Permission::ContentManage, "content.manage"_L1},
        EnumName{Permission::AuditRead, "audit.read"_L1},
        EnumName{Permission::ModelRead, "model.read"_L1},
        EnumName{Permission::ConfigRead, "config.read"_L1},
        EnumName{Permission::ConfigUpdate, "config.update"_L1},
        EnumName{Permission::PlatformManage, "platform.manage"_L1},
    };
}

} // namespace delta::admin
