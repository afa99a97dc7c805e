#include "gateway/admin/access/field_table.h"

#include <QString>

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

using enum Permission;

constexpr std::array fields{
    FieldRow{"organization"_L1, "organization_id"_L1, PlatformManage},
    FieldRow{"organization"_L1, "name"_L1, OrganizationUpdate},
    FieldRow{"organization"_L1, "metadata"_L1, OrganizationUpdate},
    FieldRow{"organization"_L1, "models"_L1, PlatformManage},
    FieldRow{"organization"_L1, "store_content"_L1, OrganizationOwn},
    FieldRow{"organization"_L1, "limits"_L1, PlatformManage},
    FieldRow{"organization"_L1, "budget"_L1, PlatformManage},

    FieldRow{"organization_member"_L1, "user_id"_L1, OrganizationUpdate},
    FieldRow{"organization_member"_L1, "role"_L1, OrganizationUpdate},

    FieldRow{"team"_L1, "team_id"_L1, TeamCreate},
    FieldRow{"team"_L1, "organization_id"_L1, TeamCreate},
    FieldRow{"team"_L1, "name"_L1, TeamUpdate},
    FieldRow{"team"_L1, "metadata"_L1, TeamUpdate},
    FieldRow{"team"_L1, "self_service"_L1, TeamUpdate},
    FieldRow{"team"_L1, "models"_L1, LimitsUpdate},
    FieldRow{"team"_L1, "limits"_L1, LimitsUpdate},
    FieldRow{"team"_L1, "budget"_L1, LimitsUpdate},

    FieldRow{"team_member"_L1, "user_id"_L1, TeamUpdate},
    FieldRow{"team_member"_L1, "role"_L1, TeamUpdate},

    FieldRow{"user"_L1, "user_id"_L1, UserUpdate},
    FieldRow{"user"_L1, "email"_L1, UserUpdate},
    FieldRow{"user"_L1, "name"_L1, UserUpdate},
    FieldRow{"user"_L1, "metadata"_L1, UserUpdate},
    FieldRow{"user"_L1, "role"_L1, UserManage},
    FieldRow{"user"_L1, "models"_L1, UserUpdate},
    FieldRow{"user"_L1, "limits"_L1, UserUpdate},
    FieldRow{"user"_L1, "budget"_L1, UserUpdate},

    FieldRow{"service_account"_L1, "service_account_id"_L1, TeamUpdate},
    FieldRow{"service_account"_L1, "team_id"_L1, TeamUpdate},
    FieldRow{"service_account"_L1, "name"_L1, TeamUpdate},
    FieldRow{"service_account"_L1, "description"_L1, TeamUpdate},
    FieldRow{"service_account"_L1, "metadata"_L1, TeamUpdate},

    FieldRow{"end_user"_L1, "end_user_id"_L1, UserUpdate},
    FieldRow{"end_user"_L1, "name"_L1, UserUpdate},
    FieldRow{"end_user"_L1, "metadata"_L1, UserUpdate},
    FieldRow{"end_user"_L1, "limits"_L1, UserUpdate},
    FieldRow{"end_user"_L1, "budget"_L1, UserUpdate},

    FieldRow{"budget"_L1, "budget_id"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "scope"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "scope_id"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "member_id"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "max_budget"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "soft_budget"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "budget_duration"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "budget_reset"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "timezone"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "temp_budget_increase"_L1, LimitsUpdate},
    FieldRow{"budget"_L1, "temp_budget_expiry"_L1, LimitsUpdate},

    FieldRow{"alert_rule"_L1, "alert_rule_id"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "name"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "description"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "enabled"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "scope"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "scope_ids"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "thresholds"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "soft_budget"_L1, ConfigUpdate},
    FieldRow{"alert_rule"_L1, "channels"_L1, ConfigUpdate},

    FieldRow{"new_key"_L1, "name"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "description"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "team_id"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "user_id"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "service_account_id"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "organization_id"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "models"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "allowed_routes"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "tags"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "metadata"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "expires_at"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "store_content"_L1, ContentManage},
    FieldRow{"new_key"_L1, "limits"_L1, KeyUpdate},
    FieldRow{"new_key"_L1, "budget"_L1, KeyUpdate},

    FieldRow{"key"_L1, "name"_L1, KeyUpdate},
    FieldRow{"key"_L1, "description"_L1, KeyUpdate},
    FieldRow{"key"_L1, "team_id"_L1, KeyUpdate},
    FieldRow{"key"_L1, "user_id"_L1, KeyUpdate},
    FieldRow{"key"_L1, "service_account_id"_L1, KeyUpdate},
    FieldRow{"key"_L1, "organization_id"_L1, KeyUpdate},
    FieldRow{"key"_L1, "models"_L1, KeyLimits},
    FieldRow{"key"_L1, "allowed_routes"_L1, KeyLimits},
    FieldRow{"key"_L1, "tags"_L1, KeyUpdate},
    FieldRow{"key"_L1, "metadata"_L1, KeyUpdate},
    FieldRow{"key"_L1, "expires_at"_L1, KeyLimits},
    FieldRow{"key"_L1, "store_content"_L1, ContentManage},
    FieldRow{"key"_L1, "limits"_L1, KeyLimits},
    FieldRow{"key"_L1, "budget"_L1, KeyLimits},

    FieldRow{"credential"_L1, "credential_id"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "name"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "provider"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "origin"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "auth_header_name"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "auth_header_format"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "description"_L1, ConfigUpdate},
    FieldRow{"credential"_L1, "api_key"_L1, ConfigUpdate},

    FieldRow{"deployment"_L1, "deployment_id"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "model_name"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "provider"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "model"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "api_base"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "credential_id"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "state"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "weight"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "priority"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "tags"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "timeout_ms"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "stream_timeout_ms"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "max_output_tokens"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "mode"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "base_model"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "allow_unpriced"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "prices"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "extra_headers"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "organization"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "description"_L1, ConfigUpdate},
    FieldRow{"deployment"_L1, "metadata"_L1, ConfigUpdate},

    FieldRow{"guardrail"_L1, "guardrail_id"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "name"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "description"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "type"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "stage"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "action"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "threshold"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "entities"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "on_error"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "position"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "enabled"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "scope"_L1, ConfigUpdate},
    FieldRow{"guardrail"_L1, "scope_ids"_L1, ConfigUpdate},

    FieldRow{"route_group"_L1, "route_group_id"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "name"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "description"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "strategy"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "members"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "fallbacks"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "timeout_ms"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "num_retries"_L1, ConfigUpdate},
    FieldRow{"route_group"_L1, "enabled"_L1, ConfigUpdate},

    FieldRow{"routing"_L1, "strategy"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "num_retries"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "retry_after_ms"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "timeout_ms"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "allowed_fails"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "cooldown_ms"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "enable_pre_call_checks"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "fallbacks"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "context_window_fallbacks"_L1, ConfigUpdate},
    FieldRow{"routing"_L1, "content_policy_fallbacks"_L1, ConfigUpdate},

    FieldRow{"settings"_L1, "values"_L1, ConfigUpdate},
};

} // namespace

std::span<const FieldRow> fieldTable()
{
    return fields;
}

std::optional<Permission> fieldPermission(QLatin1StringView object, QStringView field)
{
    const auto found = std::ranges::find_if(
        fields, [&](const FieldRow &each) { return each.object == object && each.field == field; });
    return found == fields.end() ? std::nullopt : std::optional(found->permission);
}

QStringList settableFields(QLatin1StringView object)
{
    QStringList names;
    for (const FieldRow &each : fields) {
        if (each.object == object) {
            names.append(QString(each.field));
        }
    }
    return names;
}

} // namespace delta::admin
