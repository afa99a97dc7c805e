#include "gateway/admin/access/role_table.h"

#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace delta::admin {

namespace {

using enum Permission;

/// The roles as columns of the table.
enum Column : std::uint16_t {
    PAdmin = 1 << 0,
    PViewer = 1 << 1,
    OOwner = 1 << 2,
    OAdmin = 1 << 3,
    OViewer = 1 << 4,
    TAdmin = 1 << 5,
    TMember = 1 << 6,
    TViewer = 1 << 7,
    Service = 1 << 8,
};

struct Row {
    Permission permission;
    unsigned roles;
};

constexpr unsigned everywhere = PAdmin | PViewer;

constexpr std::array table{
    Row{OrganizationRead, everywhere | OOwner | OAdmin | OViewer},
    Row{OrganizationUpdate, PAdmin | OOwner | OAdmin},
    Row{OrganizationOwn, PAdmin | OOwner},
    Row{TeamRead, everywhere | OOwner | OAdmin | OViewer | TAdmin | TMember | TViewer | Service},
    Row{TeamCreate, PAdmin | OOwner | OAdmin},
    Row{TeamUpdate, PAdmin | OOwner | OAdmin | TAdmin},
    Row{LimitsUpdate, PAdmin | OOwner | OAdmin},
    Row{UserRead, everywhere | OOwner | OAdmin | OViewer | TAdmin},
    Row{UserUpdate, PAdmin},
    Row{UserManage, PAdmin},
    Row{KeyRead, everywhere | OOwner | OAdmin | OViewer | TAdmin},
    Row{KeyUpdate, PAdmin | OOwner | OAdmin | TAdmin},
    Row{KeyLimits, PAdmin | OOwner | OAdmin | TAdmin},
    Row{KeyOwn, PAdmin | OOwner | OAdmin | TAdmin | TMember | Service},
    Row{SpendRead, everywhere | OOwner | OAdmin | OViewer | TAdmin | TViewer},
    Row{SpendOwn, everywhere | OOwner | OAdmin | OViewer | TAdmin | TMember | TViewer | Service},
    Row{ContentManage, PAdmin | OOwner | OAdmin},
    Row{AuditRead, everywhere | OOwner | OAdmin | OViewer},
    Row{ModelRead, everywhere | OOwner | OAdmin | OViewer | TAdmin | TMember | TViewer | Service},
    Row{ConfigRead, everywhere},
    Row{ConfigUpdate, PAdmin},
    Row{PlatformManage, PAdmin},
};

static_assert(table.size() == enumNames(Permission()).size(), "every permission has its row");

/// Returns the rows of one column.
template <Column column>
std::span<const Permission> permissionsOf()
{
    static const std::vector<Permission> permissions = [] {
        std::vector<Permission> found;
        for (const Row &row : table) {
            if ((row.roles & column) != 0) {
                found.push_back(row.permission);
            }
        }
        return found;
    }();
    return permissions;
}

} // namespace

std::span<const Permission> rolePermissions(PlatformRole role)
{
    switch (role) {
    case PlatformRole::Admin:
        return permissionsOf<PAdmin>();
    case PlatformRole::Viewer:
        return permissionsOf<PViewer>();
    case PlatformRole::None:
        break;
    }
    return {};
}

std::span<const Permission> rolePermissions(OrganizationRole role)
{
    switch (role) {
    case OrganizationRole::Owner:
        return permissionsOf<OOwner>();
    case OrganizationRole::Admin:
        return permissionsOf<OAdmin>();
    case OrganizationRole::Viewer:
        return permissionsOf<OViewer>();
    }
    return {};
}

std::span<const Permission> rolePermissions(TeamRole role)
{
    switch (role) {
    case TeamRole::Admin:
        return permissionsOf<TAdmin>();
    case TeamRole::Member:
        return permissionsOf<TMember>();
    case TeamRole::Viewer:
        return permissionsOf<TViewer>();
    }
    return {};
}

std::span<const Permission> serviceAccountPermissions()
{
    return permissionsOf<Service>();
}

} // namespace delta::admin
