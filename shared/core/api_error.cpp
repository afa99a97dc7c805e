#include "shared/core/api_error.h"

#include "shared/core/quoted.h"

#include <array>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

/// What the client sees of a kind.
struct Row {
    ErrorKind kind;
    int status;
    QLatin1StringView type;
    QLatin1StringView code; ///< Empty: null in the body.
};

constexpr QLatin1StringView badRequest = "invalid_request_error"_L1;
constexpr QLatin1StringView badKey = "authentication_error"_L1;
constexpr QLatin1StringView denied = "permission_denied"_L1;
constexpr QLatin1StringView limited = "rate_limit_error"_L1;
constexpr QLatin1StringView tooSlow = "timeout_error"_L1;
constexpr QLatin1StringView upstreamFault = "upstream_error"_L1;
constexpr QLatin1StringView unavailable = "service_unavailable"_L1;

/// One row per kind, in the order of the enumeration.
/// 499 is nginx's status for a client that left; nobody reads it but the ledger and the log.
constexpr std::array rows{
    Row{ErrorKind::InvalidRequest, 400, badRequest, ""_L1},
    Row{ErrorKind::InvalidApiKey, 401, badKey, "invalid_api_key"_L1},
    Row{ErrorKind::KeyExpired, 401, badKey, "invalid_api_key"_L1},
    Row{ErrorKind::KeyBlocked, 401, badKey, "invalid_api_key"_L1},
    Row{ErrorKind::LoginRequired, 401, badKey, "login_required"_L1},
    Row{ErrorKind::PermissionDenied, 403, denied, "permission_denied"_L1},
    Row{ErrorKind::StepUpRequired, 403, denied, "step_up_required"_L1},
    Row{ErrorKind::ModelNotAllowed, 403, denied, "model_not_allowed"_L1},
    Row{ErrorKind::ModelNotFound, 404, badRequest, "model_not_found"_L1},
    Row{ErrorKind::RouteNotFound, 404, badRequest, "route_not_found"_L1},
    Row{ErrorKind::NotFound, 404, badRequest, "not_found"_L1},
    Row{ErrorKind::MethodNotAllowed, 405, badRequest, "method_not_allowed"_L1},
    Row{ErrorKind::Conflict, 409, badRequest, "conflict"_L1},
    Row{ErrorKind::PreconditionFailed, 412, badRequest, "precondition_failed"_L1},
    Row{ErrorKind::RequestTimeout, 408, tooSlow, "request_timeout"_L1},
    Row{ErrorKind::ContentTooLarge, 413, badRequest, "content_too_large"_L1},
    Row{ErrorKind::UriTooLong, 414, badRequest, "uri_too_long"_L1},
    Row{ErrorKind::HeadersTooLarge, 431, badRequest, "headers_too_large"_L1},
    Row{ErrorKind::Unsupported, 400, badRequest, "unsupported"_L1},
    Row{ErrorKind::UnpricedModel, 400, badRequest, "unpriced_model"_L1},
    Row{ErrorKind::BudgetExceeded, 429, "budget_exceeded"_L1, "budget_exceeded"_L1},
    Row{ErrorKind::RateLimited, 429, limited, "rate_limit_exceeded"_L1},
    Row{ErrorKind::UpstreamRejected, 400, badRequest, "upstream_rejected"_L1},
    Row{ErrorKind::UpstreamRateLimited, 429, limited, "upstream_rate_limited"_L1},
    Row{ErrorKind::UpstreamAuth, 502, upstreamFault, "upstream_auth"_L1},
    Row{ErrorKind::UpstreamUnreachable, 502, upstreamFault, "upstream_unreachable"_L1},
    Row{ErrorKind::UpstreamTimeout, 504, tooSlow, "upstream_timeout"_L1},
    Row{ErrorKind::UpstreamFailed, 502, upstreamFault, "upstream_failed"_L1},
    Row{ErrorKind::UpstreamInvalid, 502, upstreamFault, "upstream_invalid_response"_L1},
    Row{ErrorKind::UpstreamTruncated, 502, upstreamFault, "upstream_truncated"_L1},
    Row{ErrorKind::ClientClosed, 499, "client_closed"_L1, "client_closed"_L1},
    Row{ErrorKind::Overloaded, 503, unavailable, "overloaded"_L1},
    Row{ErrorKind::StoreUnavailable, 503, unavailable, "store_unavailable"_L1},
    Row{ErrorKind::ShuttingDown, 503, unavailable, "shutting_down"_L1},
    Row{ErrorKind::Internal, 500, "server_error"_L1, "internal_error"_L1},
};

consteval bool isInOrder()
{
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (std::to_underlying(rows[i].kind) != static_cast<int>(i)) {
            return false;
        }
    }
    return rows.back().kind == ErrorKind::Internal;
}
static_assert(isInOrder(), "every ErrorKind has its row, at its own index");

const Row &rowOf(ErrorKind kind)
{
    const auto index = static_cast<std::size_t>(std::to_underlying(kind));
    return index < rows.size() ? rows[index] : rows.back();
}

ApiError make(ErrorKind kind, const QString &message, const QString &param = {})
{
    ApiError error;
    error.kind = kind;
    error.message = message;
    error.param = param;
    return error;
}

} // namespace

int ApiError::status() const
{
    const bool isOwn = upstreamStatus >= 400 && upstreamStatus <= 499;
    return kind == ErrorKind::UpstreamRejected && isOwn ? upstreamStatus : rowOf(kind).status;
}

QLatin1StringView ApiError::type() const
{
    return rowOf(kind).type;
}

QString ApiError::codeText() const
{
    return code.isEmpty() ? QString(rowOf(kind).code) : code;
}

ApiError ApiError::invalidRequest(const QString &message, const QString &param)
{
    return make(ErrorKind::InvalidRequest, message, param);
}

ApiError ApiError::invalidApiKey()
{
    return make(
        ErrorKind::InvalidApiKey,
        u"This gateway does not know the API key that was sent. Check that the key is complete and "
        "meant for this gateway, or ask an administrator for a new one."_s);
}

ApiError ApiError::missingApiKey()
{
    return make(ErrorKind::InvalidApiKey,
                u"No API key was sent. Send it in the header 'Authorization: Bearer KEY' or "
                "'x-api-key: KEY'."_s);
}

ApiError ApiError::keyExpired()
{
    return make(ErrorKind::KeyExpired,
                u"This API key has expired. Ask an administrator for a new one."_s);
}

ApiError ApiError::keyBlocked()
{
    return make(ErrorKind::KeyBlocked,
                u"This API key is blocked. Ask an administrator to unblock it."_s);
}

ApiError ApiError::ownerBlocked(const QString &owner)
{
    return make(
        ErrorKind::KeyBlocked,
        u"The %1 of this API key is blocked. Whoever runs the gateway can tell why."_s.arg(owner));
}

ApiError ApiError::loginRequired()
{
    return make(ErrorKind::LoginRequired,
                u"This needs a session of a console, the master key as 'Authorization: Bearer', or "
                u"the key of a "
                "service account."_s);
}

ApiError ApiError::stepUpRequired()
{
    return make(
        ErrorKind::StepUpRequired,
        u"This needs your password or your second factor once more; send it to /ui/api/auth/step-up."_s);
}

ApiError ApiError::notFound(const QString &message, const QString &param, const QString &code)
{
    ApiError error = make(ErrorKind::NotFound, message, param);
    error.code = code;
    return error;
}

ApiError ApiError::conflict(const QString &message, const QString &param)
{
    return make(ErrorKind::Conflict, message, param);
}

ApiError ApiError::preconditionFailed(const QString &message)
{
    return make(ErrorKind::PreconditionFailed, message);
}

ApiError ApiError::permissionDenied(const QString &message)
{
    return make(ErrorKind::PermissionDenied, message);
}

ApiError ApiError::modelNotAllowed(const QString &model)
{
    return make(
        ErrorKind::ModelNotAllowed,
        u"This API key may not use the model %1. GET /v1/models lists the models that it may use."_s
            .arg(quoted(model)),
        u"model"_s);
}

ApiError ApiError::modelNotFound(const QString &model)
{
    return make(
        ErrorKind::ModelNotFound,
        u"This gateway has no model %1. GET /v1/models lists the models that there are."_s.arg(
            quoted(model)),
        u"model"_s);
}

ApiError ApiError::routeNotFound(const QString &method, const QString &path)
{
    return make(
        ErrorKind::RouteNotFound,
        u"There is nothing at %1 %2. API paths begin with /v1, e.g. /v1/chat/completions."_s.arg(
            quoted(method), quoted(path)));
}

ApiError ApiError::methodNotAllowed(const QString &method, const QString &path)
{
    return make(
        ErrorKind::MethodNotAllowed,
        u"The path %1 does not take the method %2; the Allow header lists those that it takes."_s
            .arg(quoted(path), quoted(method)));
}

ApiError ApiError::requestTimeout(const QString &message)
{
    return make(ErrorKind::RequestTimeout, message);
}

ApiError ApiError::contentTooLarge(qint64 limit)
{
    return make(ErrorKind::ContentTooLarge,
                u"The request body is larger than this gateway takes (%1 bytes)."_s.arg(limit));
}

ApiError ApiError::uriTooLong(qint64 limit)
{
    return make(ErrorKind::UriTooLong,
                u"The request line is longer than this gateway takes (%1 bytes)."_s.arg(limit));
}

ApiError ApiError::headersTooLarge(const QString &message)
{
    return make(ErrorKind::HeadersTooLarge, message);
}

ApiError ApiError::unsupported(const QString &message, const QString &param)
{
    return make(ErrorKind::Unsupported, message, param);
}

ApiError ApiError::unpricedModel(const QString &model)
{
    return make(
        ErrorKind::UnpricedModel,
        u"The model %1 has no price, and this gateway calls no model without one. An administrator "
        "can set input_cost_per_token and output_cost_per_token in its model_info."_s.arg(
            quoted(model)),
        u"model"_s);
}

ApiError ApiError::budgetExceeded(const QString &message,
                                  std::optional<std::chrono::seconds> retryAfter)
{
    ApiError error = make(ErrorKind::BudgetExceeded, message);
    error.retryAfter = retryAfter;
    return error;
}

ApiError ApiError::rateLimited(const QString &message,
                               std::optional<std::chrono::seconds> retryAfter)
{
    ApiError error = make(ErrorKind::RateLimited, message);
    error.retryAfter = retryAfter;
    return error;
}

ApiError ApiError::overloaded(const QString &message, std::chrono::seconds retryAfter)
{
    ApiError error = make(ErrorKind::Overloaded, message);
    error.retryAfter = retryAfter;
    return error;
}

ApiError ApiError::storeUnavailable(const QString &message, const QString &detail)
{
    ApiError error = make(ErrorKind::StoreUnavailable, message);
    error.detail = detail;
    return error;
}

ApiError ApiError::shuttingDown()
{
    return make(ErrorKind::ShuttingDown, u"This gateway is shutting down. Try again shortly."_s);
}

ApiError ApiError::clientClosed()
{
    return make(ErrorKind::ClientClosed, u"The client closed the connection before the answer."_s);
}

ApiError ApiError::internal(const QString &detail)
{
    ApiError error = make(
        ErrorKind::Internal,
        u"The gateway failed. The request id leads an administrator to the details in its log."_s);
    error.detail = detail;
    return error;
}

ApiError ApiError::upstream(ErrorKind kind, const QString &message, const QString &detail)
{
    ApiError error = make(kind, message);
    error.detail = detail;
    return error;
}

} // namespace delta
