#include "gateway/config/key_tables.h"
#include "gateway/config/model_readers.h"
#include "shared/billing/configured_prices.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using ports::Endpoint;

constexpr Limits anyRank{-1'000'000, 1'000'000};

template <auto... Path>
constexpr Key<ModelDraft> endpoint(QLatin1StringView name, QLatin1StringView meaning,
                                   Limits limits = {})
{
    return key<ModelDraft, &ModelDraft::endpoint, Path...>(name, meaning, limits);
}

constexpr Key<ModelDraft> special(QLatin1StringView name, QLatin1StringView meaning,
                                  QLatin1StringView type,
                                  void (*read)(const Value &, const Limits &, ModelDraft &))
{
    return {.name = name, .meaning = meaning, .type = type, .read = read};
}

constexpr Key<ModelDraft> price(QLatin1StringView name, QLatin1StringView meaning)
{
    return special(name, meaning, "USD, exact"_L1, readPrice);
}

/// What may stand in the params as well as in model_info.
constexpr std::array commonKeys{
    endpoint<&Endpoint::deployment, &Deployment::weight>(
        "weight"_L1, "Share of the traffic of its group; 0 takes none."_L1, {0, 1'000'000}),
    endpoint<&Endpoint::deployment, &Deployment::tags>(
        "tags"_L1, "Labels, for people; calls are not routed by tag yet."_L1),
    key<ModelDraft, &ModelDraft::allowsUnpriced>(
        "allow_unpriced"_L1, "Whether it may be called without a price, at no charge."_L1),
    price("input_cost_per_token"_L1, "Input token."_L1),
    price("output_cost_per_token"_L1, "Output token."_L1),
    price("cache_read_input_token_cost"_L1, "Input token that the provider had cached."_L1),
    price("input_cost_per_token_cache_hit"_L1, "The same, by its older name."_L1),
    price("cache_creation_input_token_cost"_L1,
          "Input token that the provider puts into its cache."_L1),
    price("output_cost_per_reasoning_token"_L1, "Reasoning token; absent: as output."_L1),
    price("input_cost_per_audio_token"_L1, "Audio input token; absent: as input."_L1),
    price("output_cost_per_audio_token"_L1, "Audio output token; absent: as output."_L1),
    price("output_cost_per_image"_L1, "Image that is made."_L1),
    price("input_cost_per_image"_L1, "The same, by its older name."_L1),
    price("input_cost_per_request"_L1, "Call that reached the provider."_L1),
};

constexpr KeyFamily<ModelDraft> tierPrices{
    "*_above_<n>k_tokens"_L1,
    "Any price per token, for calls with more than n thousand input tokens."_L1, isPriceKey,
    readPrice};

template <std::size_t A, std::size_t B>
constexpr auto joined(const std::array<Key<ModelDraft>, A> &first,
                      const std::array<Key<ModelDraft>, B> &second)
{
    std::array<Key<ModelDraft>, A + B> all{};
    std::ranges::copy(second, std::ranges::copy(first, all.begin()).out);
    return all;
}

constexpr auto paramsKeys = joined(
    std::array{
        required(special("model"_L1, "provider/name, or a name alone."_L1, "text"_L1, readModel)),
        alsoKnownAs("custom_llm_provider"_L1,
                    endpoint<&Endpoint::deployment, &Deployment::provider>(
                        "provider"_L1, "The provider, if model does not begin with it."_L1)),
        endpoint<&Endpoint::apiKey>("api_key"_L1, "Credential at the provider."_L1),
        alsoKnownAs("base_url"_L1,
                    special("api_base"_L1, "Base URL; absent: the provider's own."_L1, "URL"_L1,
                            readApiBase)),
        special("auth_header_name"_L1, "Header that carries the credential."_L1, "text"_L1,
                readAuthHeaderName),
        special("auth_header_format"_L1, "Its value, with {api_key} in it."_L1, "text"_L1,
                readAuthHeaderFormat),
        special("organization"_L1, "Organisation at the provider."_L1, "text"_L1, readOrganization),
        endpoint<&Endpoint::extraHeaders>("extra_headers"_L1, "Sent with every call."_L1),
        key<ModelDraft, &ModelDraft::timeout>("timeout"_L1, "Of a whole unstreamed call."_L1,
                                              anyDuration),
        key<ModelDraft, &ModelDraft::streamTimeout>(
            "stream_timeout"_L1, "Longest wait for an event of a stream. Absent: timeout."_L1,
            anyDuration),
        endpoint<&Endpoint::deployment, &Deployment::priority>(
            "order"_L1, "As model_info.priority, which wins."_L1, anyRank),
    },
    commonKeys);

constexpr auto infoKeys = joined(
    std::array{
        special("id"_L1, "As deployment_id, which wins."_L1, "text"_L1, readDeploymentId),
        endpoint<&Endpoint::deployment, &Deployment::priority>(
            "priority"_L1, "Lower numbers are tried first."_L1, anyRank),
        endpoint<&Endpoint::deployment, &Deployment::maxOutputTokens>(
            "max_output_tokens"_L1,
            "Longest answer, in tokens, for what budgets reserve; absent: not known."_L1,
            {1, 1'000'000'000}),
        key<ModelDraft, &ModelDraft::mode>(
            "mode"_L1, "chat, completion or embedding, for the notes on missing prices."_L1),
        key<ModelDraft, &ModelDraft::baseModel>("base_model"_L1,
                                                "Model whose built-in price it has."_L1),
    },
    commonKeys);

constexpr std::array modelKeys{
    required(special("model_name"_L1, "Public name; several entries may share it."_L1, "text"_L1,
                     readModelName)),
    required(alsoKnownAs(
        "litellm_params"_L1,
        section("deltallm_params"_L1, "How the deployment is called."_L1, modelParamsTable))),
    section("model_info"_L1, "What is known of the deployment."_L1, modelInfoTable),
    special("deployment_id"_L1, "Unique; absent: model_name-0, model_name-1 and so on."_L1,
            "text"_L1, readDeploymentId),
};

constexpr IdleKeys limitsOfDeployments{
    Effect::NoEffectYet, "limits and budgets of deployments are NOT ENFORCED"_L1,
    "rpm tpm itpm otpm rpm_limit tpm_limit image_pm_limit audio_seconds_pm_limit "
    "char_pm_limit rerank_units_pm_limit max_parallel_requests max_budget budget_duration "
    "default_api_key_tpm_limit default_api_key_rpm_limit"_L1};
constexpr IdleKeys otherPrices{
    Effect::NoEffectYet,
    "prices by character, second, pixel, batch and service tier are NOT CHARGED"_L1,
    "input_cost_per_character* output_cost_per_character* input_cost_per_second "
    "output_cost_per_second* input_cost_per_pixel output_cost_per_pixel input_cost_per_query "
    "input_cost_per_image_token output_cost_per_image_token input_cost_per_video_* "
    "output_cost_per_video_* input_cost_per_audio_per_second* batch_input_cost_per_token "
    "batch_output_cost_per_token batch_price_multiplier input_cost_per_token_batches "
    "output_cost_per_token_batches input_cost_per_token_flex output_cost_per_token_flex "
    "input_cost_per_token_priority output_cost_per_token_priority "
    "cache_read_input_token_cost_flex cache_read_input_token_cost_priority "
    "cache_creation_input_token_cost_above_1hr cache_creation_input_audio_token_cost "
    "cache_read_input_audio_token_cost output_cost_per_token_cache_hit "
    "search_context_cost_per_query ptu_* cost_per_ptu_per_hour tiered_pricing"_L1};
constexpr IdleKeys metadata{Effect::NoEffectYet,
                            "the gateway does not look at what a model can do yet"_L1,
                            "supports_* max_tokens max_input_tokens "
                            "output_vector_size default_params supported_environments "
                            "supported_endpoints supported_modalities supported_openai_params "
                            "health_check_* upstream_max_batch_inputs batch_capacity blocked "
                            "discoverable"_L1};

constexpr std::array paramsIdleKeys{
    limitsOfDeployments,
    otherPrices,
    IdleKeys{Effect::NoEffectYet, "calls are not retried yet"_L1,
             "max_retries num_retries cooldown_time"_L1},
    IdleKeys{Effect::NoEffectYet, "the version is the one that the gateway was written for"_L1,
             "api_version"_L1},
    IdleKeys{Effect::NoEffectYet, "this kind of provider is not supported yet"_L1,
             "region region_name aws_* vertex_* azure_* tenant_id client_id client_secret "
             "gcs_bucket_name bucket_name s3_* bedrock_tags watsonx_* project project_id"_L1},
    IdleKeys{Effect::NoEffectYet, "default parameters are not added to requests yet"_L1,
             "temperature top_p top_k n stream stream_options stop max_tokens "
             "max_completion_tokens presence_penalty frequency_penalty logit_bias logprobs "
             "top_logprobs seed user response_format tools tool_choice parallel_tool_calls "
             "functions function_call reasoning_effort thinking verbosity modalities audio "
             "prediction service_tier store metadata web_search_options dimensions encoding_format "
             "input_type safety_settings extra_body extra_query prompt_id prompt_variables"_L1},
    IdleKeys{Effect::NoEffectYet, "parameters reach the provider as the client sent them"_L1,
             "drop_params additional_drop_params allowed_openai_params modify_params"_L1},
    IdleKeys{Effect::NoEffectYet, "requests are not gathered into batches yet"_L1,
             "chat_batching"_L1},
    IdleKeys{Effect::NoEffectYet, "guardrails are NOT ENFORCED"_L1, "guardrails"_L1},
    IdleKeys{Effect::NoEffectYet, "named credentials are of deployments of the admin API"_L1,
             "litellm_credential_name configurable_clientside_auth_params"_L1},
    IdleKeys{Effect::LiteLlmOnly, "certificates of providers are always checked"_L1,
             "ssl_verify"_L1},
    IdleKeys{Effect::LiteLlmOnly, "the provider echo answers without a network"_L1,
             "mock_response mock_timeout"_L1},
    IdleKeys{Effect::LiteLlmOnly, "a feature of LiteLLM"_L1,
             "silent_model use_in_pass_through use_litellm_proxy "
             "merge_reasoning_content_in_choices cache_control_injection_points auto_router_* "
             "complexity_router_* litellm_trace_id base_model model_info keepalive_seconds "
             "max_file_size_mb provider_affinity_header caching hf_model_name force_timeout "
             "initial_prompt_value roles final_prompt_value bos_token eos_token prompt_label "
             "ignore_invalid_deployments"_L1},
};

constexpr std::array infoIdleKeys{
    limitsOfDeployments,
    otherPrices,
    metadata,
    IdleKeys{Effect::NoEffectYet, "access by group, team or time is NOT ENFORCED"_L1,
             "access_groups team_id team_public_model_name access_windows"_L1},
    IdleKeys{Effect::LiteLlmOnly, "what LiteLLM keeps in its database"_L1,
             "db_model created_at created_by updated_at updated_by litellm_provider key tier"_L1},
};

constexpr std::array modelIdleKeys{
    IdleKeys{Effect::NoEffectYet, "named credentials are of deployments of the admin API"_L1,
             "named_credential_id"_L1},
};

} // namespace

constinit const Table<ModelDraft> modelTable{modelKeys, modelIdleKeys};
constinit const Table<ModelDraft> modelParamsTable{paramsKeys, paramsIdleKeys,
                                                   UnknownKeys::NoteForLiteLlm, &tierPrices};
constinit const Table<ModelDraft> modelInfoTable{infoKeys, infoIdleKeys, UnknownKeys::Note,
                                                 &tierPrices};

} // namespace delta::config
