#include "gateway/config/budget_keys.h"
#include "gateway/config/key_tables.h"
#include "gateway/config/redis_keys.h"

#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

/// The long form of an alias: `{model: name, hidden: true}`.
struct AliasDraft {
    QString model;
};

constexpr std::array aliasKeys{
    required(key<AliasDraft, &AliasDraft::model>("model"_L1, "The model group that is meant."_L1)),
};
constexpr std::array aliasIdleKeys{
    IdleKeys{Effect::NoEffectYet, "models cannot be hidden from the list yet"_L1, "hidden"_L1},
};
constexpr Table<AliasDraft> aliasTable{aliasKeys, aliasIdleKeys};

void readAliases(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    if (value.node().kind != YamlNode::Kind::Map) {
        failKind(value, "a map of names to model names"_L1);
        return;
    }
    for (const YamlNode::Entry &entry : value.node().entries) {
        const Value item = value.at(entry);
        AliasDraft alias;
        if (item.node().kind == YamlNode::Kind::Map) {
            readSection(item, aliasTable, alias);
        } else {
            read(item, limits, alias.model);
        }
        if (!alias.model.isEmpty()) {
            draft.config.routing.aliases.insert(entry.key, alias.model);
            draft.aliases.push_back({entry.key, alias.model, item});
        }
    }
}

constexpr std::array ownRouterKeys{
    Key<ConfigDraft>{.name = "model_group_alias"_L1,
                     .meaning = "Further public names of model groups."_L1,
                     .type = "map of texts"_L1,
                     .read = readAliases},
    key<ConfigDraft, &ConfigDraft::timeout>(
        "timeout"_L1, "Of a whole unstreamed call, where the model has none of its own."_L1,
        anyDuration),
    key<ConfigDraft, &ConfigDraft::streamTimeout>(
        "stream_timeout"_L1, "Longest wait for an event of a stream, where the model has none."_L1,
        anyDuration),
};

constexpr std::array routerKeys = joined(redisPlaceKeys, joined(ownRouterKeys, providerBudgetKeys));

constexpr std::array routerIdleKeys{
    IdleKeys{Effect::NoEffectYet, "deployments of a group are chosen by order and weight only"_L1,
             "routing_strategy routing_strategy_args routing_groups weights route_groups "
             "enable_tag_filtering tag_filtering_match_any tag_routing_prefix "
             "default_priority"_L1},
    IdleKeys{
        Effect::NoEffectYet, "calls are not retried and do not fail over yet"_L1,
        "num_retries retry_after retry_policy model_group_retry_policy max_retries fallbacks "
        "context_window_fallbacks content_policy_fallbacks default_fallbacks max_fallbacks"_L1},
    IdleKeys{Effect::NoEffectYet, "deployments do not cool down yet"_L1,
             "cooldown_time allowed_fails allowed_fails_policy disable_cooldowns"_L1},
    IdleKeys{Effect::NoEffectYet, "limits and budgets of deployments are NOT ENFORCED"_L1,
             "enable_pre_call_checks optional_pre_call_checks default_max_parallel_requests"_L1},
    IdleKeys{Effect::NoEffectYet, "Redis holds rate limits only, and is one server"_L1,
             "redis_*"_L1},
    IdleKeys{Effect::NoEffectYet, "answers are not cached yet"_L1,
             "cache_kwargs cache_responses caching_groups"_L1},
    IdleKeys{Effect::LiteLlmOnly, "a feature of LiteLLM"_L1,
             "polling_interval default_litellm_params debug_level set_verbose client_ttl "
             "alerting_config assistants_config router_general_settings "
             "model_group_affinity_config"_L1},
};

constexpr std::array ownDeltallmKeys{
    key<ConfigDraft, &ConfigDraft::timeout>(
        "request_timeout"_L1, "As router_settings.timeout, which wins."_L1, anyDuration),
};

constexpr std::array deltallmKeys = joined(ownDeltallmKeys, budgetKeys);

constexpr std::array deltallmIdleKeys{
    IdleKeys{Effect::NoEffectYet, "calls are not retried and do not fail over yet"_L1,
             "num_retries fallbacks context_window_fallbacks content_policy_fallbacks "
             "default_fallbacks allowed_fails cooldown_time"_L1},
    IdleKeys{Effect::NoEffectYet, "guardrails are NOT ENFORCED"_L1,
             "guardrails guardrail_name_config_map skip_system_message_in_guardrail"_L1},
    IdleKeys{Effect::NoEffectYet, "budgets and defaults of keys are NOT ENFORCED"_L1,
             "max_end_user_budget max_end_user_budget_id "
             "key_generation_settings default_key_generate_params "
             "upperbound_key_generate_params default_team_params default_team_settings "
             "default_internal_user_params max_internal_user_budget "
             "internal_user_budget_duration enable_key_alias_format_validation "
             "max_parallel_requests"_L1},
    IdleKeys{Effect::NoEffectYet, "calls are not sent to logging services yet"_L1,
             "success_callback failure_callback callbacks service_callbacks callback_settings "
             "langfuse_default_tags redact_user_api_key_info turn_off_message_logging "
             "redact_messages_in_exceptions s3_callback_params"_L1},
    IdleKeys{Effect::NoEffectYet, "answers are not cached yet"_L1,
             "cache cache_params enable_redis_auth_cache enable_caching_on_provider_specific_*"_L1},
    IdleKeys{Effect::NoEffectYet, "parameters reach the provider as the client sent them"_L1,
             "drop_params modify_params enable_json_schema_validation"_L1},
    IdleKeys{Effect::NoEffectYet, "discounts and margins are not applied yet"_L1,
             "cost_discount_config cost_margin_config custom_provider_map"_L1},
    IdleKeys{Effect::NoEffectYet, "the audit log is always kept"_L1, "store_audit_logs"_L1},
    IdleKeys{Effect::NoEffectYet, "metrics cannot be configured yet"_L1,
             "prometheus_* disable_end_user_cost_tracking "
             "disable_end_user_cost_tracking_prometheus_only "
             "enable_end_user_cost_tracking_prometheus_only require_auth_for_metrics_endpoint"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.logging"_L1,
             "set_verbose json_logs suppress_debug_info"_L1},
    IdleKeys{Effect::LiteLlmOnly, "certificates of providers are always checked"_L1,
             "ssl_verify ssl_certificate ssl_security_level"_L1},
    IdleKeys{Effect::LiteLlmOnly, "this gateway reports to nobody"_L1, "telemetry"_L1},
    IdleKeys{Effect::LiteLlmOnly, "a feature of LiteLLM"_L1,
             "force_ipv4 route_all_chat_openai_to_responses sse_keepalive_ping_interval_seconds "
             "use_chat_completions_url_for_anthropic_messages mcp_aliases enable_preview_features "
             "public_model_groups public_model_groups_links aiohttp_trust_env disable_aiohttp_* "
             "disable_hf_tokenizer_download disable_copilot_system_to_assistant "
             "add_function_to_prompt return_response_headers reasoning_auto_summary "
             "credential_list"_L1},
};

} // namespace

constinit const Table<ConfigDraft> routerTable{routerKeys, routerIdleKeys,
                                               UnknownKeys::NoteForLiteLlm};
constinit const Table<ConfigDraft> deltallmTable{deltallmKeys, deltallmIdleKeys,
                                                 UnknownKeys::NoteForLiteLlm};

} // namespace delta::config
