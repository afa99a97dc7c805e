#include "gateway/telemetry/metric_catalog.h"

#include <utility>

namespace delta::telemetry {

namespace {

constexpr std::array byModel{CallLabel::Model, CallLabel::ApiProvider};
constexpr std::array byStatus{CallLabel::Model, CallLabel::ApiProvider, CallLabel::StatusCode};
constexpr std::array byErrorType{CallLabel::Model, CallLabel::ApiProvider, CallLabel::ErrorType};
constexpr std::array byErrorCode{CallLabel::Model, CallLabel::ApiProvider, CallLabel::ErrorCode};
constexpr std::array byOwner{CallLabel::Model, CallLabel::ApiProvider, CallLabel::ApiKey,
                             CallLabel::User, CallLabel::Team};
constexpr std::array byOwnerAndStatus{CallLabel::Model,  CallLabel::ApiProvider,
                                      CallLabel::ApiKey, CallLabel::User,
                                      CallLabel::Team,   CallLabel::StatusCode};

constexpr int wholeNumber = 0;
constexpr int nanos = 9;
constexpr int micros = 6;

/// In the order of CallMetric.
constexpr std::array<MetricSpec, callMetricCount> specs{{
    {"deltallm_requests_total", "Calls that ended, by HTTP status.", MetricKind::Counter,
     wholeNumber, byOwnerAndStatus},
    {"deltallm_request_failures_total", "Calls that did not succeed, by error code of the answer.",
     MetricKind::Counter, wholeNumber, byErrorType},
    {"deltallm_input_tokens_total", "Input tokens, cached ones included.", MetricKind::Counter,
     wholeNumber, byOwner},
    {"deltallm_output_tokens_total", "Output tokens, reasoning included.", MetricKind::Counter,
     wholeNumber, byOwner},
    {"deltallm_spend_total", "Cost of settled calls in USD, exact to a nano-dollar.",
     MetricKind::Counter, nanos, byOwner},
    {"deltallm_request_total_latency_seconds",
     "Time from the request in hand to the end of its answer.", MetricKind::Histogram, micros,
     byStatus},
    {"deltallm_llm_api_latency_seconds",
     "Time from sending to the provider to the end of its answer.", MetricKind::Histogram, micros,
     byModel},
    {"deltallm_time_to_first_token_seconds",
     "Time from the request in hand to the first byte of its answer.", MetricKind::Histogram,
     micros, byModel},
    {"deltallm_upstream_errors_total",
     "Calls that failed at their provider, by error code of the answer.", MetricKind::Counter,
     wholeNumber, byErrorCode},
    {"deltallm_unpriced_calls_total",
     "Calls of models or service tiers without a price; their spend is not the whole truth.",
     MetricKind::Counter, wholeNumber, byModel},
    {"deltallm_estimated_usage_total", "Calls whose tokens the gateway counted itself.",
     MetricKind::Counter, wholeNumber, byModel},
}};

} // namespace

const MetricSpec &specOf(CallMetric metric)
{
    return specs[static_cast<std::size_t>(std::to_underlying(metric))];
}

QByteArrayView nameOf(CallLabel label)
{
    static constexpr std::array<QByteArrayView, callLabelCount> names{
        "model", "api_provider", "api_key",    "user",
        "team",  "status_code",  "error_type", "error_code"};
    return names[static_cast<std::size_t>(std::to_underlying(label))];
}

} // namespace delta::telemetry
