#pragma once

#include "shared/core/clock.h"
#include "shared/json/describe.h"
#include "shared/json/value_codec.h"
#include "shared/models/roles.h"

#include <QString>

#include <tuple>

namespace delta {

/// A user's place in a team.
struct TeamMember {
    QString teamId;
    QString userId;
    TeamRole role = TeamRole::Member;
    WallTime createdAt{};

    bool operator==(const TeamMember &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("team_id"_L1, &TeamMember::teamId, Access::ReadOnly),
            field("user_id"_L1, &TeamMember::userId),
            field("role"_L1, &TeamMember::role),
            field("created_at"_L1, &TeamMember::createdAt, Access::ReadOnly),
        };
    }
};

/// A user's place in an organisation.
struct OrganizationMember {
    QString organizationId;
    QString userId;
    OrganizationRole role = OrganizationRole::Viewer;
    WallTime createdAt{};

    bool operator==(const OrganizationMember &) const = default;

    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("organization_id"_L1, &OrganizationMember::organizationId, Access::ReadOnly),
            field("user_id"_L1, &OrganizationMember::userId),
            field("role"_L1, &OrganizationMember::role),
            field("created_at"_L1, &OrganizationMember::createdAt, Access::ReadOnly),
        };
    }
};

} // namespace delta
