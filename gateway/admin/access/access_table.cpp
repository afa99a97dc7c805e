#include "gateway/admin/access/access_table.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using enum Permission;

constexpr AccessRow open(QByteArrayView method, QByteArrayView pattern)
{
    return {.method = method, .pattern = pattern, .entry = Entry::Public};
}

constexpr AccessRow dataPlane(QByteArrayView method, QByteArrayView pattern)
{
    return {.method = method, .pattern = pattern, .entry = Entry::DataPlane};
}

constexpr AccessRow own(QByteArrayView method, QByteArrayView pattern)
{
    return {.method = method, .pattern = pattern, .entry = Entry::Identified};
}

constexpr AccessRow delegated(QByteArrayView method, QByteArrayView pattern,
                              QByteArrayView standsFor)
{
    return {
        .method = method, .pattern = pattern, .entry = Entry::Delegated, .standsFor = standsFor};
}

constexpr AccessRow scim(QByteArrayView method, QByteArrayView pattern)
{
    return {.method = method, .pattern = pattern, .entry = Entry::Directory};
}

constexpr AccessRow row(QByteArrayView method, QByteArrayView pattern, Permission permission,
                        Place place, QLatin1StringView object = {},
                        StepUp stepUp = StepUp::NotNeeded)
{
    return {.method = method,
            .pattern = pattern,
            .entry = Entry::Permitted,
            .permission = permission,
            .place = place,
            .object = object,
            .stepUp = stepUp};
}

constexpr std::array routes{
    // Operations.
    open("GET", "/health"),
    open("GET", "/health/liveliness"),
    open("GET", "/health/readiness"),
    open("GET", "/metrics"),

    // The data plane.
    dataPlane("POST", "/v1/chat/completions"),
    dataPlane("POST", "/chat/completions"),
    dataPlane("POST", "/v1/completions"),
    dataPlane("POST", "/completions"),
    dataPlane("POST", "/v1/embeddings"),
    dataPlane("POST", "/embeddings"),
    dataPlane("GET", "/v1/models"),
    dataPlane("GET", "/models"),
    dataPlane("GET", "/v1/models/{id...}"),
    dataPlane("GET", "/models/{id...}"),

    // As LiteLLM has it: the master key's, but for what a key may ask of itself.
    row("POST", "/key/{key}/reset_spend", PlatformManage, Place::Platform),
    row("POST", "/budget/new", PlatformManage, Place::Platform),
    row("POST", "/budget/update", PlatformManage, Place::Platform),
    row("GET", "/budget/list", PlatformManage, Place::Platform),
    row("GET", "/budget/info", PlatformManage, Place::Platform),
    row("POST", "/budget/info", PlatformManage, Place::Platform),
    row("POST", "/budget/reset", PlatformManage, Place::Platform),
    row("GET", "/budget/resets", PlatformManage, Place::Platform),
    row("POST", "/budget/delete", PlatformManage, Place::Platform),
    row("POST", "/rate_limit/set", PlatformManage, Place::Platform),
    row("GET", "/rate_limit/list", PlatformManage, Place::Platform),
    row("GET", "/rate_limit/info", PlatformManage, Place::Platform),
    row("POST", "/rate_limit/delete", PlatformManage, Place::Platform),
    row("GET", "/spend/logs", PlatformManage, Place::Platform),
    own("GET", "/spend/report"),

    // As LiteLLM has it, over the routes below.
    delegated("POST", "/team/new", "POST /ui/api/teams"),
    delegated("POST", "/team/update", "PATCH /ui/api/teams/{team_id}"),
    delegated("POST", "/team/delete", "DELETE /ui/api/teams/{team_id}"),
    delegated("GET", "/team/info", "GET /ui/api/teams/{team_id}"),
    delegated("GET", "/team/list", "GET /ui/api/teams"),
    delegated("POST", "/team/member_add", "POST /ui/api/teams/{team_id}/members"),
    delegated("POST", "/team/member_delete", "DELETE /ui/api/teams/{team_id}/members/{user_id}"),
    delegated("POST", "/organization/new", "POST /ui/api/organizations"),
    delegated("PATCH", "/organization/update", "PATCH /ui/api/organizations/{organization_id}"),
    delegated("DELETE", "/organization/delete", "DELETE /ui/api/organizations/{organization_id}"),
    delegated("GET", "/organization/info", "GET /ui/api/organizations/{organization_id}"),
    delegated("GET", "/organization/list", "GET /ui/api/organizations"),
    delegated("POST", "/organization/member_add",
              "POST /ui/api/organizations/{organization_id}/members"),
    delegated("DELETE", "/organization/member_delete",
              "DELETE /ui/api/organizations/{organization_id}/members/{user_id}"),
    delegated("POST", "/user/new", "POST /ui/api/users"),
    delegated("POST", "/user/update", "PATCH /ui/api/users/{user_id}"),
    delegated("POST", "/user/delete", "DELETE /ui/api/users/{user_id}"),
    delegated("GET", "/user/info", "GET /ui/api/users/{user_id}"),
    delegated("GET", "/user/list", "GET /ui/api/users"),
    delegated("POST", "/customer/new", "POST /ui/api/end-users"),
    delegated("POST", "/customer/update", "PATCH /ui/api/end-users/{end_user_id}"),
    delegated("POST", "/customer/delete", "DELETE /ui/api/end-users/{end_user_id}"),
    delegated("POST", "/customer/block", "POST /ui/api/end-users/{end_user_id}/block"),
    delegated("POST", "/customer/unblock", "POST /ui/api/end-users/{end_user_id}/unblock"),
    delegated("GET", "/customer/info", "GET /ui/api/end-users/{end_user_id}"),
    delegated("GET", "/customer/list", "GET /ui/api/end-users"),
    delegated("POST", "/key/generate", "POST /ui/api/keys"),
    delegated("POST", "/key/update", "PATCH /ui/api/keys/{key_id}"),
    delegated("POST", "/key/delete", "DELETE /ui/api/keys/{key_id}"),
    delegated("GET", "/key/info", "GET /ui/api/keys/{key_id}"),
    delegated("GET", "/key/list", "GET /ui/api/keys"),
    delegated("POST", "/key/block", "POST /ui/api/keys/{key_id}/block"),
    delegated("POST", "/key/unblock", "POST /ui/api/keys/{key_id}/unblock"),
    delegated("POST", "/key/regenerate", "POST /ui/api/keys/{key_id}/rotate"),
    delegated("POST", "/key/{key}/regenerate", "POST /ui/api/keys/{key_id}/rotate"),
    delegated("POST", "/model/new", "POST /ui/api/deployments"),
    delegated("POST", "/model/update", "PATCH /ui/api/deployments/{deployment_id}"),
    delegated("POST", "/model/delete", "DELETE /ui/api/deployments/{deployment_id}"),
    delegated("GET", "/model/info", "GET /ui/api/deployments"),
    delegated("GET", "/v1/model/info", "GET /ui/api/deployments"),
    delegated("GET", "/model_group/info", "GET /ui/api/deployments"),
    delegated("GET", "/spend/keys", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/spend/users", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/spend/tags", "GET /ui/api/spend/breakdown"),
    delegated("POST", "/spend/calculate", "GET /ui/api/deployments"),
    delegated("GET", "/global/spend", "GET /ui/api/spend/summary"),
    delegated("GET", "/global/spend/keys", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/global/spend/models", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/global/spend/provider", "GET /ui/api/spend/breakdown"),
    delegated("POST", "/global/spend/end_users", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/global/spend/tags", "GET /ui/api/spend/breakdown"),
    delegated("GET", "/global/spend/logs", "GET /ui/api/spend/series"),
    delegated("GET", "/global/spend/teams", "GET /ui/api/spend/series"),
    delegated("GET", "/global/spend/report", "GET /ui/api/spend/series"),

    // The consoles' API.
    open("GET", "/ui/api/openapi.json"),
    open("GET", "/ui/api/docs"),
    open("GET", "/ui/api/docs.js"),
    open("GET", "/ui/api/docs.css"),
    AccessRow{.method = "GET", .pattern = "/ui/api/bootstrap", .entry = Entry::Anybody},

    open("POST", "/ui/api/auth/login"),
    open("GET", "/ui/api/auth/oidc/start"),
    open("GET", "/ui/api/auth/oidc/callback"),
    open("POST", "/ui/api/auth/reset/request"),
    open("POST", "/ui/api/auth/reset/show"),
    open("POST", "/ui/api/auth/reset/accept"),
    open("POST", "/ui/api/auth/invitation/show"),
    open("POST", "/ui/api/auth/invitation/accept"),
    own("POST", "/ui/api/auth/logout"),
    own("GET", "/ui/api/auth/me"),
    own("POST", "/ui/api/auth/password"),
    own("POST", "/ui/api/auth/step-up"),
    own("POST", "/ui/api/auth/mfa/start"),
    own("POST", "/ui/api/auth/mfa/confirm"),
    own("POST", "/ui/api/auth/mfa/disable"),
    own("POST", "/ui/api/auth/mfa/recovery-codes"),
    own("GET", "/ui/api/auth/sessions"),
    own("DELETE", "/ui/api/auth/sessions/{session_id}"),

    row("GET", "/ui/api/organizations", OrganizationRead, Place::Reach),
    row("POST", "/ui/api/organizations", PlatformManage, Place::Platform, "organization"_L1),
    row("GET", "/ui/api/organizations/{organization_id}", OrganizationRead, Place::Organization),
    row("PATCH", "/ui/api/organizations/{organization_id}", OrganizationUpdate, Place::Organization,
        "organization"_L1),
    row("DELETE", "/ui/api/organizations/{organization_id}", PlatformManage, Place::Platform),
    row("POST", "/ui/api/organizations/{organization_id}/block", PlatformManage, Place::Platform),
    row("POST", "/ui/api/organizations/{organization_id}/unblock", PlatformManage, Place::Platform),
    row("GET", "/ui/api/organizations/{organization_id}/members", OrganizationRead,
        Place::Organization),
    row("POST", "/ui/api/organizations/{organization_id}/members", OrganizationUpdate,
        Place::Organization, "organization_member"_L1),
    row("PATCH", "/ui/api/organizations/{organization_id}/members/{user_id}", OrganizationUpdate,
        Place::Organization, "organization_member"_L1),
    row("DELETE", "/ui/api/organizations/{organization_id}/members/{user_id}", OrganizationUpdate,
        Place::Organization),

    row("GET", "/ui/api/teams", TeamRead, Place::Reach),
    row("POST", "/ui/api/teams", TeamCreate, Place::InOrganization, "team"_L1),
    row("GET", "/ui/api/teams/{team_id}", TeamRead, Place::Team),
    row("PATCH", "/ui/api/teams/{team_id}", TeamUpdate, Place::Team, "team"_L1),
    row("DELETE", "/ui/api/teams/{team_id}", TeamCreate, Place::Team),
    row("POST", "/ui/api/teams/{team_id}/block", LimitsUpdate, Place::Team),
    row("POST", "/ui/api/teams/{team_id}/unblock", LimitsUpdate, Place::Team),
    row("GET", "/ui/api/teams/{team_id}/members", TeamRead, Place::Team),
    row("POST", "/ui/api/teams/{team_id}/members", TeamUpdate, Place::Team, "team_member"_L1),
    row("PATCH", "/ui/api/teams/{team_id}/members/{user_id}", TeamUpdate, Place::Team,
        "team_member"_L1),
    row("DELETE", "/ui/api/teams/{team_id}/members/{user_id}", TeamUpdate, Place::Team),

    row("GET", "/ui/api/users", UserRead, Place::Reach),
    row("POST", "/ui/api/users", UserUpdate, Place::Platform, "user"_L1),
    row("GET", "/ui/api/users/{user_id}", UserRead, Place::User),
    row("PATCH", "/ui/api/users/{user_id}", UserUpdate, Place::User, "user"_L1),
    row("DELETE", "/ui/api/users/{user_id}", UserUpdate, Place::User),
    row("POST", "/ui/api/users/{user_id}/block", UserUpdate, Place::User),
    row("POST", "/ui/api/users/{user_id}/unblock", UserUpdate, Place::User),
    row("POST", "/ui/api/users/{user_id}/invite", UserManage, Place::User),
    row("POST", "/ui/api/users/{user_id}/reset-password", UserManage, Place::User, {},
        StepUp::Needed),
    row("POST", "/ui/api/users/{user_id}/remove-mfa", UserManage, Place::User, {}, StepUp::Needed),
    row("POST", "/ui/api/users/{user_id}/end-sessions", UserManage, Place::User),

    row("GET", "/ui/api/service-accounts", TeamRead, Place::Reach),
    row("POST", "/ui/api/service-accounts", TeamUpdate, Place::InTeam, "service_account"_L1),
    row("GET", "/ui/api/service-accounts/{service_account_id}", TeamRead, Place::ServiceAccount),
    row("PATCH", "/ui/api/service-accounts/{service_account_id}", TeamUpdate, Place::ServiceAccount,
        "service_account"_L1),
    row("DELETE", "/ui/api/service-accounts/{service_account_id}", TeamUpdate,
        Place::ServiceAccount),
    row("POST", "/ui/api/service-accounts/{service_account_id}/block", TeamUpdate,
        Place::ServiceAccount),
    row("POST", "/ui/api/service-accounts/{service_account_id}/unblock", TeamUpdate,
        Place::ServiceAccount),

    row("GET", "/ui/api/end-users", UserRead, Place::Reach),
    row("POST", "/ui/api/end-users", UserUpdate, Place::Platform, "end_user"_L1),
    row("GET", "/ui/api/end-users/{end_user_id}", UserRead, Place::Platform),
    row("PATCH", "/ui/api/end-users/{end_user_id}", UserUpdate, Place::Platform, "end_user"_L1),
    row("DELETE", "/ui/api/end-users/{end_user_id}", UserUpdate, Place::Platform),
    row("POST", "/ui/api/end-users/{end_user_id}/block", UserUpdate, Place::Platform),
    row("POST", "/ui/api/end-users/{end_user_id}/unblock", UserUpdate, Place::Platform),

    row("GET", "/ui/api/budgets", ConfigRead, Place::Reach),
    row("POST", "/ui/api/budgets", LimitsUpdate, Place::Platform, "budget"_L1),
    row("GET", "/ui/api/budgets/{budget_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/budgets/{budget_id}", LimitsUpdate, Place::Platform, "budget"_L1),
    row("DELETE", "/ui/api/budgets/{budget_id}", LimitsUpdate, Place::Platform),
    row("POST", "/ui/api/budgets/{budget_id}/reset", LimitsUpdate, Place::Platform),
    row("GET", "/ui/api/budgets/{budget_id}/resets", ConfigRead, Place::Platform),

    row("GET", "/ui/api/alert-rules", ConfigRead, Place::Reach),
    row("POST", "/ui/api/alert-rules", ConfigUpdate, Place::Platform, "alert_rule"_L1),
    row("GET", "/ui/api/alert-rules/{alert_rule_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/alert-rules/{alert_rule_id}", ConfigUpdate, Place::Platform,
        "alert_rule"_L1),
    row("DELETE", "/ui/api/alert-rules/{alert_rule_id}", ConfigUpdate, Place::Platform),
    row("GET", "/ui/api/alert-rules/{alert_rule_id}/versions", ConfigRead, Place::Platform),
    row("POST", "/ui/api/alert-rules/{alert_rule_id}/versions/{version}/restore", ConfigUpdate,
        Place::Platform),
    row("GET", "/ui/api/alert-deliveries", ConfigRead, Place::Reach),
    row("GET", "/ui/api/alert-deliveries/{delivery_id}", ConfigRead, Place::Platform),
    row("POST", "/ui/api/alert-deliveries/{delivery_id}/retry", ConfigUpdate, Place::Platform),
    row("POST", "/ui/api/alerts/test", ConfigUpdate, Place::Platform),

    row("GET", "/ui/api/keys", KeyRead, Place::Reach),
    row("POST", "/ui/api/keys", KeyUpdate, Place::OfOwner, "new_key"_L1),
    row("POST", "/ui/api/keys/bulk", KeyUpdate, Place::Reach),
    row("GET", "/ui/api/keys/{key_id}", KeyRead, Place::Key),
    row("PATCH", "/ui/api/keys/{key_id}", KeyUpdate, Place::Key, "key"_L1),
    row("DELETE", "/ui/api/keys/{key_id}", KeyUpdate, Place::Key),
    row("POST", "/ui/api/keys/{key_id}/block", KeyUpdate, Place::Key),
    row("POST", "/ui/api/keys/{key_id}/unblock", KeyLimits, Place::Key),
    row("POST", "/ui/api/keys/{key_id}/rotate", KeyUpdate, Place::Key),
    row("POST", "/ui/api/keys/{key_id}/end-overlap", KeyUpdate, Place::Key),

    row("GET", "/ui/api/spend/summary", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/series", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/breakdown", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/what-if", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/logs", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/logs/live", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/logs/{call_id}", SpendRead, Place::Reach),
    row("GET", "/ui/api/spend/logs/{call_id}/content", ContentManage, Place::Reach),

    row("GET", "/ui/api/audit/events", AuditRead, Place::Reach),
    row("GET", "/ui/api/audit/events/{sequence}", AuditRead, Place::Reach),

    own("GET", "/ui/api/models"),

    row("GET", "/ui/api/credentials", ConfigRead, Place::Reach),
    row("POST", "/ui/api/credentials", ConfigUpdate, Place::Platform, "credential"_L1,
        StepUp::Needed),
    row("GET", "/ui/api/credentials/{credential_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/credentials/{credential_id}", ConfigUpdate, Place::Platform,
        "credential"_L1, StepUp::Needed),
    row("DELETE", "/ui/api/credentials/{credential_id}", ConfigUpdate, Place::Platform),

    row("GET", "/ui/api/deployments", ConfigRead, Place::Reach),
    row("POST", "/ui/api/deployments", ConfigUpdate, Place::Platform, "deployment"_L1),
    row("GET", "/ui/api/deployments/{deployment_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/deployments/{deployment_id}", ConfigUpdate, Place::Platform,
        "deployment"_L1),
    row("DELETE", "/ui/api/deployments/{deployment_id}", ConfigUpdate, Place::Platform),
    row("POST", "/ui/api/deployments/test", ConfigUpdate, Place::Platform, "deployment"_L1),
    row("POST", "/ui/api/deployments/{deployment_id}/test", ConfigUpdate, Place::Platform),

    row("GET", "/ui/api/guardrails", ConfigRead, Place::Reach),
    row("POST", "/ui/api/guardrails", ConfigUpdate, Place::Platform, "guardrail"_L1),
    row("GET", "/ui/api/guardrails/{guardrail_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/guardrails/{guardrail_id}", ConfigUpdate, Place::Platform,
        "guardrail"_L1),
    row("DELETE", "/ui/api/guardrails/{guardrail_id}", ConfigUpdate, Place::Platform),
    row("GET", "/ui/api/guardrails/{guardrail_id}/versions", ConfigRead, Place::Platform),
    row("POST", "/ui/api/guardrails/{guardrail_id}/versions/{version}/restore", ConfigUpdate,
        Place::Platform),

    row("GET", "/ui/api/route-groups", ConfigRead, Place::Reach),
    row("POST", "/ui/api/route-groups", ConfigUpdate, Place::Platform, "route_group"_L1),
    row("GET", "/ui/api/route-groups/{route_group_id}", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/route-groups/{route_group_id}", ConfigUpdate, Place::Platform,
        "route_group"_L1),
    row("DELETE", "/ui/api/route-groups/{route_group_id}", ConfigUpdate, Place::Platform),
    row("GET", "/ui/api/route-groups/{route_group_id}/versions", ConfigRead, Place::Platform),
    row("POST", "/ui/api/route-groups/{route_group_id}/versions/{version}/restore", ConfigUpdate,
        Place::Platform),

    row("GET", "/ui/api/routing", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/routing", ConfigUpdate, Place::Platform, "routing"_L1),
    row("GET", "/ui/api/routing/versions", ConfigRead, Place::Platform),
    row("POST", "/ui/api/routing/versions/{version}/restore", ConfigUpdate, Place::Platform),

    row("GET", "/ui/api/settings", ConfigRead, Place::Platform),
    row("PATCH", "/ui/api/settings", ConfigUpdate, Place::Platform, "settings"_L1),
    row("GET", "/ui/api/settings/versions", ConfigRead, Place::Platform),
    row("POST", "/ui/api/settings/versions/{version}/restore", ConfigUpdate, Place::Platform),

    row("POST", "/ui/api/playground/chat/completions", PlatformManage, Place::Platform),
    row("POST", "/ui/api/playground/teams/{team_id}/chat/completions", KeyOwn, Place::Team),

    // Provisioning by a directory.
    scim("GET", "/scim/v2/ServiceProviderConfig"),
    scim("GET", "/scim/v2/ResourceTypes"),
    scim("GET", "/scim/v2/ResourceTypes/{name}"),
    scim("GET", "/scim/v2/Schemas"),
    scim("GET", "/scim/v2/Schemas/{id}"),
    scim("GET", "/scim/v2/Users"),
    scim("POST", "/scim/v2/Users"),
    scim("GET", "/scim/v2/Users/{id}"),
    scim("PUT", "/scim/v2/Users/{id}"),
    scim("PATCH", "/scim/v2/Users/{id}"),
    scim("DELETE", "/scim/v2/Users/{id}"),
    scim("GET", "/scim/v2/Groups"),
    scim("POST", "/scim/v2/Groups"),
    scim("GET", "/scim/v2/Groups/{id}"),
    scim("PUT", "/scim/v2/Groups/{id}"),
    scim("PATCH", "/scim/v2/Groups/{id}"),
    scim("DELETE", "/scim/v2/Groups/{id}"),
};

} // namespace

std::span<const AccessRow> accessTable()
{
    return routes;
}

const AccessRow *accessRow(QByteArrayView method, QByteArrayView pattern)
{
    const auto found = std::ranges::find_if(routes, [&](const AccessRow &each) {
        return each.method == method && each.pattern == pattern;
    });
    return found == routes.end() ? nullptr : &*found;
}

} // namespace delta::admin
