#include "gateway/admin/access/places.h"

#include <utility>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using store::ControlTables;
using Places = std::optional<std::vector<Placement>>;

Places one(Placement placement)
{
    return std::vector<Placement>{std::move(placement)};
}

Result<Places> ofOrganization(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<Organization> found, tables.organizations.find({id}));
    return found ? one({.organizationId = id, .teamId = {}, .userId = {}, .serviceAccountId = {}})
                 : std::nullopt;
}

Result<Places> ofTeam(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<Team> found, tables.teams.find({id}));
    return found ? one({.organizationId = found->organizationId,
                        .teamId = id,
                        .userId = {},
                        .serviceAccountId = {}})
                 : std::nullopt;
}

Result<Places> ofUser(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<User> found, tables.users.find({id}));
    if (!found) {
        return std::nullopt;
    }
    TRY(const store::Memberships memberships, tables.membershipsOf(id));
    std::vector<Placement> places{
        {.organizationId = {}, .teamId = {}, .userId = id, .serviceAccountId = {}}};
    for (const OrganizationMember &member : memberships.organizations) {
        places.push_back({.organizationId = member.organizationId,
                          .teamId = {},
                          .userId = id,
                          .serviceAccountId = {}});
    }
    for (const TeamMember &member : memberships.teams) {
        TRY(Places team, ofTeam(tables, member.teamId));
        if (team) {
            team->front().userId = id;
            places.push_back(std::move(team->front()));
        }
    }
    return places;
}

Result<Places> ofServiceAccount(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<ServiceAccount> found, tables.serviceAccounts.find({id}));
    if (!found) {
        return std::nullopt;
    }
    TRY(Places team, ofTeam(tables, found->teamId));
    Placement placement = team
        ? std::move(team->front())
        : Placement{
              .organizationId = {}, .teamId = found->teamId, .userId = {}, .serviceAccountId = {}};
    placement.serviceAccountId = id;
    return one(std::move(placement));
}

Result<Places> ofKey(ControlTables &tables, const QString &id)
{
    TRY(const std::optional<ManagedKey> found, tables.managedKeys.find({id}));
    if (!found) {
        return std::nullopt;
    }
    Placement placement{.organizationId = found->organizationId,
                        .teamId = found->teamId,
                        .userId = found->userId,
                        .serviceAccountId = found->serviceAccountId};
    if (placement.organizationId.isEmpty() && !placement.teamId.isEmpty()) {
        TRY(const Places team, ofTeam(tables, placement.teamId));
        placement.organizationId = team ? team->front().organizationId : QString();
    }
    return one(std::move(placement));
}

/// A service account brings its team along.
Result<void> addServiceAccount(ControlTables &tables, Placement &placement)
{
    if (placement.serviceAccountId.isEmpty()) {
        return {};
    }
    TRY(const Places account, ofServiceAccount(tables, placement.serviceAccountId));
    if (!account) {
        return failure(ApiError::invalidRequest(u"'service_account_id' names no service account."_s,
                                                u"service_account_id"_s));
    }
    if (placement.teamId.isEmpty()) {
        placement.teamId = account->front().teamId;
    }
    return {};
}

/// A team brings its organisation along.
Result<Placement> inTeam(ControlTables &tables, Placement placement)
{
    if (placement.teamId.isEmpty()) {
        return placement;
    }
    TRY(const Places team, ofTeam(tables, placement.teamId));
    if (!team) {
        return failure(ApiError::invalidRequest(u"'team_id' names no team."_s, u"team_id"_s));
    }
    const QString &organization = team->front().organizationId;
    if (!placement.organizationId.isEmpty() && placement.organizationId != organization) {
        return failure(ApiError::invalidRequest(
            u"'organization_id' is not that of the team which 'team_id' names."_s,
            u"organization_id"_s));
    }
    placement.organizationId = organization;
    return placement;
}

QString textOf(const QJsonObject &body, QLatin1StringView name)
{
    return body.value(name).toString();
}

} // namespace

Result<Places> placesOf(ControlTables &tables, Place place, const QString &id)
{
    switch (place) {
    case Place::Organization:
        return ofOrganization(tables, id);
    case Place::Team:
        return ofTeam(tables, id);
    case Place::User:
        return ofUser(tables, id);
    case Place::ServiceAccount:
        return ofServiceAccount(tables, id);
    case Place::Key:
        return ofKey(tables, id);
    case Place::Platform:
    case Place::Reach:
    case Place::InOrganization:
    case Place::InTeam:
    case Place::OfOwner:
        break;
    }
    return one({});
}

Result<Placement> placeOfBody(ControlTables &tables, Place place, const QJsonObject &body)
{
    Placement placement{.organizationId = textOf(body, "organization_id"_L1),
                        .teamId = {},
                        .userId = {},
                        .serviceAccountId = {}};
    if (place == Place::InOrganization) {
        return placement;
    }
    placement.teamId = textOf(body, "team_id"_L1);
    if (place == Place::OfOwner) {
        placement.userId = textOf(body, "user_id"_L1);
        placement.serviceAccountId = textOf(body, "service_account_id"_L1);
        TRY_VOID(addServiceAccount(tables, placement));
    }
    return inTeam(tables, std::move(placement));
}

PlaceKind kindOf(Place place)
{
    switch (place) {
    case Place::Organization:
        return {Permission::OrganizationRead, "organization"_L1};
    case Place::Team:
        return {Permission::TeamRead, "team"_L1};
    case Place::User:
        return {Permission::UserRead, "user"_L1};
    case Place::ServiceAccount:
        return {Permission::TeamRead, "service_account"_L1};
    case Place::Key:
        return {Permission::KeyRead, "key"_L1};
    case Place::Platform:
    case Place::Reach:
    case Place::InOrganization:
    case Place::InTeam:
    case Place::OfOwner:
        break;
    }
    return {Permission::PlatformManage, "object"_L1};
}

} // namespace delta::admin
