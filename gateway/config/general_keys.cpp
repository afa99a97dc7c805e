#include "gateway/config/alert_keys.h"
#include "gateway/config/content_keys.h"
#include "gateway/config/hook_keys.h"
#include "gateway/config/jwt_keys.h"
#include "gateway/config/key_tables.h"
#include "gateway/config/mail_keys.h"
#include "gateway/config/redis_keys.h"
#include "gateway/config/scim_keys.h"
#include "gateway/config/sso_keys.h"

#include <QUrl>

#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using net::UpstreamSettings;
using ports::UpstreamTimeouts;

void readMasterKey(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    // Whoever has it administers the gateway, and guesses cost no more than requests do.
    constexpr qsizetype shortest = 32;
    read(value, limits, draft.config.masterKey);
    const qsizetype length = draft.config.masterKey.reveal().size();
    if (length > 0 && length < shortest) {
        value.warn(u"is shorter than %1 characters; a guessed master key opens everything"_s.arg(
            shortest));
    }
}

/// Never shows the URL: it may hold a password.
void readDatabaseUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    constexpr auto sqlite = "sqlite:///"_L1;
    const bool isPostgres = text->startsWith("postgres://"_L1)
        || text->startsWith("postgresql://"_L1);
    if (!isPostgres && (!text->startsWith(sqlite) || text->size() == sqlite.size())) {
        value.fail(u"must be sqlite:///path or postgresql://user:password@host/database"_s);
        return;
    }
    if (isPostgres && !value.isReferenced() && !QUrl(*text).password().isEmpty()) {
        value.reading().holdsSecrets = true;
    }
    draft.config.databaseUrl = *text;
}

/// One setting is two deadlines: until the answer begins, and between two of its parts.
void readReadTimeout(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    read(value, limits, draft.timeouts.firstByte);
    draft.timeouts.idle = draft.timeouts.firstByte;
}

/// Never shows the URL: it may hold a password.
void readProxy(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    const QUrl url(*text, QUrl::StrictMode);
    if (!url.isValid() || url.host().isEmpty()
        || (url.scheme() != "http"_L1 && url.scheme() != "https"_L1)) {
        value.fail(u"must be a URL such as http://proxy.example.com:3128"_s);
        return;
    }
    if (!value.isReferenced() && !url.password().isEmpty()) {
        value.reading().holdsSecrets = true;
    }
    draft.config.upstream.proxy = text->toUtf8();
}

template <auto Member>
constexpr Key<ConfigDraft> upstream(QLatin1StringView name, QLatin1StringView meaning,
                                    Limits limits = {})
{
    return setting<&Config::upstream, Member>(name, meaning, limits);
}

constexpr std::array ownKeys{
    setting<&Config::instanceName>("instance_name"_L1,
                                   "Name of this installation, for consoles to come."_L1),
    Key<ConfigDraft>{.name = "master_key"_L1,
                     .meaning = "The administrator's key; absent: the one in the state folder."_L1,
                     .type = "secret"_L1,
                     .read = readMasterKey},
    Key<ConfigDraft>{
        .name = "public_url"_L1,
        .meaning =
            "Where people reach the gateway, for links in letters; absent: none are sent."_L1,
        .type = "URL"_L1,
        .read = readPublicUrl},
    Key<ConfigDraft>{
        .name = "database_url"_L1,
        .meaning = "sqlite:///path or postgresql://user:password@host/database; absent: "
                   "a file in the state folder."_L1,
        .type = "URL"_L1,
        .read = readDatabaseUrl},
    setting<&Config::kekFile>(
        "kek_file"_L1, "Keys that stored secrets are sealed with; absent: the state folder's."_L1),
    setting<&Config::log, &telemetry::LogSettings::level>("log_level"_L1,
                                                          "Least level that is logged."_L1),
    key<ConfigDraft, &ConfigDraft::allowsUnpriced>(
        "allow_unpriced"_L1, "Whether models without a price may be called, at no charge."_L1),
    setting<&Config::callsKeptFor>(
        "maximum_spend_logs_retention_period"_L1,
        "For how long single calls are kept, e.g. 90d; their sums stay. Absent: for ever."_L1,
        {oneDay, 36'500 * oneDay}),
    setting<&Config::forgetGatewaysAfter>(
        "forget_gateways_after"_L1,
        "When gateways that share a database take back what one holds that is not seen any more; "
        "absent: never, and no limit is ever exceeded."_L1,
        {30'000, 365 * oneDay}),
    setting<&Config::clampsMaxTokens>(
        "clamp_max_tokens"_L1,
        "Whether answers are kept to the length that the caller's budgets still pay for."_L1),
    setting<&Config::maxParallelRequests>(
        "global_max_parallel_requests"_L1,
        "Calls of the whole gateway under way at once; absent: no limit."_L1),
    key<ConfigDraft, &ConfigDraft::timeouts, &UpstreamTimeouts::connect>(
        "upstream_http_connect_timeout_seconds"_L1, "Name, TCP and TLS together."_L1, anyDuration),
    Key<ConfigDraft>{.name = "upstream_http_read_timeout_seconds"_L1,
                     .meaning = "Until an answer begins, and between two parts of it."_L1,
                     .type = "duration"_L1,
                     .read = readReadTimeout,
                     .limits = anyDuration},
    upstream<&UpstreamSettings::poolTimeout>("upstream_http_pool_timeout_seconds"_L1,
                                             "Longest wait for a free connection."_L1, anyDuration),
    upstream<&UpstreamSettings::maxConnectionsPerOrigin>("upstream_http_max_connections"_L1,
                                                         "To one provider, per worker thread."_L1,
                                                         {1, 1'000'000}),
    upstream<&UpstreamSettings::maxIdlePerOrigin>("upstream_http_max_keepalive_connections"_L1,
                                                  "Of those, kept open for reuse."_L1,
                                                  {0, 1'000'000}),
    upstream<&UpstreamSettings::idleExpiry>("upstream_http_keepalive_expiry_seconds"_L1,
                                            "How long they are kept."_L1, {0, oneDay}),
    upstream<&UpstreamSettings::maxHeadBytes>("upstream_http_max_head_bytes"_L1,
                                              "Largest head of a provider's answer."_L1,
                                              {1'024, 16LL << 20}),
    setting<&Config::maxResponseBytes>("upstream_http_max_response_bytes"_L1,
                                       "Largest unstreamed answer; beyond: 502."_L1,
                                       {1'024, 4LL << 30}),
    upstream<&UpstreamSettings::caFile>(
        "upstream_http_ca_file"_L1, "PEM bundle of trusted authorities; absent: the system's."_L1),
    Key<ConfigDraft>{.name = "upstream_http_proxy"_L1,
                     .meaning = "Forward proxy to the providers; absent: none."_L1,
                     .type = "URL"_L1,
                     .read = readProxy},
    setting<&Config::redis, &net::RedisSettings::caFile>(
        "redis_ca_file"_L1,
        "PEM bundle of authorities that Redis is trusted by; absent: the system's."_L1),
    setting<&Config::redisDegradedMode>(
        "redis_degraded_mode"_L1,
        "While Redis does not answer: fail_open limits in each gateway, fail_closed refuses."_L1),
    section("server"_L1, "The gateway's own address and limits."_L1, serverTable),
    section("ledger"_L1, "The journal of what calls cost."_L1, ledgerTable),
    section("logging"_L1, "What is logged, and where."_L1, loggingTable),
    section("alerts"_L1, "Who is told of budgets, and when."_L1, alertsTable),
    section("mail"_L1, "Letters to people, with links to set passwords."_L1, mailTable),
    // After the sections, of which it fills in what is not there.
    Key<ConfigDraft>{.name = "alerting"_L1,
                     .meaning = "LiteLLM's list of channels, with its environment variables."_L1,
                     .type = "list of texts"_L1,
                     .read = readAlerting},
};

constexpr std::array generalKeys = joined(
    redisPlaceKeys,
    joined(jwtKeys,
           joined(hookKeys, joined(ssoKeys, joined(scimKeys, joined(contentKeys, ownKeys))))));

constexpr std::array generalIdleKeys{
    IdleKeys{Effect::NoEffectYet, "provider credentials are not stored in the database yet"_L1,
             "salt_key"_L1},
    IdleKeys{Effect::NoEffectYet, "keys are read from Authorization, x-api-key and api-key"_L1,
             "deltallm_key_header_name litellm_key_header_name"_L1},
    IdleKeys{Effect::NoEffectYet, "PostgreSQL is not supported yet, and SQLite needs no pool"_L1,
             "db_pool_size db_pool_timeout database_connection_pool_limit "
             "database_connection_timeout allow_requests_on_db_unavailable "
             "disable_prisma_schema_update"_L1},
    IdleKeys{Effect::NoEffectYet, "upstream_http_read_timeout_seconds covers writing too"_L1,
             "upstream_http_write_timeout_seconds"_L1},
    IdleKeys{Effect::NoEffectYet, "Redis holds rate limits only, and is one server"_L1,
             "redis_* use_redis_transaction_buffer coordination_redis"_L1},
    IdleKeys{Effect::NoEffectYet, "answers are not cached yet"_L1,
             "cache_enabled cache_backend cache_ttl cache_max_size stream_cache_max_bytes "
             "stream_cache_max_fragments"_L1},
    IdleKeys{Effect::NoEffectYet, "calls do not fail over yet"_L1,
             "failover_event_history_size"_L1},
    IdleKeys{Effect::NoEffectYet, "providers are not checked in the background yet"_L1,
             "background_health_checks health_check_* use_shared_health_check "
             "enable_health_check_routing"_L1},
    IdleKeys{Effect::NoEffectYet, "metrics cannot be configured yet"_L1,
             "prometheus_endpoint metrics_retention_days"_L1},
    IdleKeys{Effect::NoEffectYet, "people log in by OpenID Connect, see enable_sso"_L1,
             "sso_* custom_sso custom_ui_sso_sign_in_handler "
             "auto_redirect_ui_login_to_sso enable_oauth2_auth enable_oauth2_proxy_auth "
             "oauth2_config_mappings"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.enable_jwt_auth and jwt_*"_L1,
             "litellm_jwtauth"_L1},
    IdleKeys{Effect::NoEffectYet, "rights of roles and lengths of sessions are fixed"_L1,
             "platform_bootstrap_admin_email platform_bootstrap_admin_password "
             "auth_session_ttl_hours invitation_token_ttl_hours "
             "password_reset_token_ttl_minutes enforce_rbac role_permissions "
             "default_team_disabled service_account_settings"_L1},
    IdleKeys{Effect::NoEffectYet, "alerts are sent of budgets only; see general_settings.alerts"_L1,
             "governance_notifications_enabled key_lifecycle_notifications_enabled "
             "alerting_* alert_types alert_type_config alert_to_webhook_url "
             "spend_report_frequency"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.alerts"_L1,
             "budget_notifications_enabled budget_alert_ttl_seconds"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.mail and general_settings.alerts"_L1,
             "email_* smtp_* resend_* sendgrid_*"_L1},
    IdleKeys{Effect::NoEffectYet,
             "models of the file and of the database are always both served"_L1,
             "model_deployment_source model_deployment_bootstrap_from_config "
             "store_model_in_db supported_db_objects"_L1},
    IdleKeys{Effect::NoEffectYet, "batches are not implemented yet"_L1,
             "embeddings_batch_* batch_completed_artifact_retention_days "
             "batch_failed_artifact_retention_days batch_metadata_retention_days "
             "proxy_batch_polling_interval"_L1},
    IdleKeys{Effect::NoEffectYet, "access by route, address or scope is NOT ENFORCED"_L1,
             "callable_target_scope_policy_mode allowed_routes public_routes "
             "admin_only_routes allowed_ips use_x_forwarded_for enforce_user_param "
             "enforced_params reject_clientside_metadata_tags user_header_name "
             "user_header_mappings"_L1},
    IdleKeys{Effect::NoEffectYet, "limits of deployments are NOT ENFORCED"_L1,
             "max_parallel_requests"_L1},
    IdleKeys{Effect::LiteLlmOnly, "token limits count input and output together"_L1,
             "token_rate_limit_type"_L1},
    IdleKeys{Effect::LiteLlmOnly,
             "a refused call says when to try again, and is not tried again here"_L1,
             "disable_retry_on_max_parallel_request_limit_error"_L1},
    IdleKeys{Effect::NoEffectYet, "the audit log is always kept"_L1, "audit_*"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.store_content"_L1,
             "store_prompts_in_spend_logs"_L1},
    IdleKeys{Effect::NoEffectYet, "what is passed on of a call cannot be configured yet"_L1,
             "always_include_stream_usage "
             "forward_openai_org_id forward_client_headers_to_llm_api "
             "forward_llm_provider_auth_headers"_L1},
    IdleKeys{Effect::LiteLlmOnly, "calls that are no longer kept are looked for every hour"_L1,
             "maximum_spend_logs_retention_interval maximum_spend_logs_cleanup_cron"_L1},
    IdleKeys{Effect::LiteLlmOnly, "see general_settings.server.max_body_bytes"_L1,
             "max_request_size_mb max_response_size_mb"_L1},
    IdleKeys{Effect::LiteLlmOnly, "keys are held in memory, and a change applies at once"_L1,
             "api_key_auth_cache_ttl_seconds user_api_key_cache_ttl"_L1},
    IdleKeys{
        Effect::LiteLlmOnly,
        "no code is loaded by way of the configuration; custom_auth_url asks a service of yours"_L1,
        "custom_auth custom_auth_run_common_checks"_L1},
    IdleKeys{Effect::LiteLlmOnly, "no code is loaded by way of the configuration"_L1,
             "custom_key_generate"_L1},
    IdleKeys{Effect::LiteLlmOnly,
             "a secret is named where it is used, as in vault/secret/app#key"_L1,
             "key_management_system key_management_settings use_azure_key_vault "
             "use_google_kms"_L1},
    IdleKeys{Effect::LiteLlmOnly, "the ledger always records, and resets nothing by polling"_L1,
             "disable_spend_logs disable_spend_updates disable_reset_budget "
             "disable_error_logs proxy_budget_rescheduler_min_time "
             "proxy_budget_rescheduler_max_time proxy_batch_write_at "
             "disable_adding_master_key_hash_to_db disable_master_key_return"_L1},
    IdleKeys{Effect::LiteLlmOnly,
             "every call reserves what it may cost, and no budget is passed over"_L1,
             "fail_closed_budget_enforcement disable_budget_reservation"_L1},
    IdleKeys{Effect::LiteLlmOnly, "a feature of LiteLLM"_L1,
             "completion_model image_generation_model embedding_model moderation_model "
             "infer_model_from_keys ui_access_mode litellm_license pass_through_endpoints "
             "use_client_credentials_pass_through_routes allow_client_side_credentials "
             "control_plane_url disable_responses_id_security enable_mcp_registry mcp_* "
             "user_mcp_management_mode require_end_user_mcp_access_defined search_tools"_L1},
};

} // namespace

constinit const Table<ConfigDraft> generalTable{generalKeys, generalIdleKeys,
                                                UnknownKeys::NoteForLiteLlm};

} // namespace delta::config
