#pragma once

#include <QString>

#include <chrono>
#include <optional>

namespace delta {

/// Names every way in which a request can fail. Each kind has one HTTP status, one error type and
/// one error code, all in the table of api_error.cpp. Internal stays the last one.
enum class ErrorKind {
    InvalidRequest,   ///< The body or a parameter is wrong; `param` names it.
    InvalidApiKey,    ///< No key, or one we do not know.
    KeyExpired,       ///< A known key past its expiry.
    KeyBlocked,       ///< A known key that an admin blocked.
    LoginRequired,    ///< The consoles' API was asked without a credential that it takes.
    PermissionDenied, ///< A known caller that may not do this.
    StepUpRequired,   ///< One that may, once they have shown again who they are.
    ModelNotAllowed,  ///< The key's allow-list does not hold the model.
    ModelNotFound,    ///< No deployment serves the model.
    RouteNotFound,    ///< No such path.
    NotFound, ///< Nothing is there that the request names, or nothing that the caller may see.
    MethodNotAllowed,    ///< The path exists under another method.
    Conflict,            ///< What is there stands against the request; `param` names it.
    PreconditionFailed,  ///< The object was changed since the client read it (If-Match).
    RequestTimeout,      ///< The client was too slow to send its request.
    ContentTooLarge,     ///< The body exceeds the limit.
    UriTooLong,          ///< The request line exceeds the limit.
    HeadersTooLarge,     ///< The header section exceeds the limit.
    Unsupported,         ///< Understood, but this gateway or provider cannot do it.
    UnpricedModel,       ///< The model has no price and unpriced calls are not allowed.
    BudgetExceeded,      ///< The call costs more than a budget has left; see retryAfter.
    RateLimited,         ///< A limit of this gateway; see retryAfter.
    UpstreamRejected,    ///< The provider refused the request as the client's fault (4xx).
    UpstreamRateLimited, ///< The provider answered 429; see retryAfter.
    UpstreamAuth,        ///< The provider refused our credentials.
    UpstreamUnreachable, ///< No connection to the provider.
    UpstreamTimeout,     ///< The provider was silent for too long.
    UpstreamFailed,      ///< The provider answered 5xx.
    UpstreamInvalid,     ///< The provider answered something that is not its protocol.
    UpstreamTruncated,   ///< The provider's answer ended before it was complete.
    ClientClosed,        ///< The client left; nobody reads this answer, the ledger does.
    Overloaded,          ///< A cap of this gateway is reached; see retryAfter.
    StoreUnavailable,    ///< The database or the journal cannot take what the request needs.
    ShuttingDown,        ///< The gateway drains.
    Internal,            ///< A bug. The message never carries details.
};

/// An error as a value: what the client may read, and what only the log may.
/// Made only by the named functions below, so that every message has one home.
struct ApiError {
    ErrorKind kind = ErrorKind::Internal;
    QString message;        ///< Safe for the client.
    QString param;          ///< The offending field; empty if none.
    QString detail;         ///< For the log only: upstream body, SQL state. Never sent.
    int upstreamStatus = 0; ///< HTTP status of the provider; 0 if it gave none.
    QString code; ///< Overrides the kind's code where a provider gave its own; empty if not.
    std::optional<std::chrono::seconds> retryAfter; ///< When to try again; absent if nobody knows.

    /// Returns the HTTP status to answer with: the provider's own for UpstreamRejected.
    [[nodiscard]] int status() const;
    /// Returns the `type` of OpenAI's error body, e.g. "invalid_request_error".
    [[nodiscard]] QLatin1StringView type() const;
    /// Returns the `code` of the error body, e.g. "invalid_api_key"; empty means null.
    [[nodiscard]] QString codeText() const;

    static ApiError invalidRequest(const QString &message, const QString &param = {});
    static ApiError invalidApiKey();
    static ApiError missingApiKey();
    static ApiError keyExpired();
    static ApiError keyBlocked();
    /// Of a key that works, and whose owner does not: a team, a user and so on.
    static ApiError ownerBlocked(const QString &owner);
    static ApiError loginRequired();
    static ApiError permissionDenied(const QString &message);
    static ApiError stepUpRequired();
    /// `code` says what is not there, such as "team_not_found"; `param` names the field that named it.
    static ApiError notFound(const QString &message, const QString &param, const QString &code);
    static ApiError conflict(const QString &message, const QString &param = {});
    static ApiError preconditionFailed(const QString &message);
    static ApiError modelNotAllowed(const QString &model);
    static ApiError modelNotFound(const QString &model);
    static ApiError routeNotFound(const QString &method, const QString &path);
    static ApiError methodNotAllowed(const QString &method, const QString &path);
    static ApiError requestTimeout(const QString &message);
    static ApiError contentTooLarge(qint64 limit);
    static ApiError uriTooLong(qint64 limit);
    static ApiError headersTooLarge(const QString &message);
    static ApiError unsupported(const QString &message, const QString &param = {});
    static ApiError unpricedModel(const QString &model);
    /// `message` names the budget; `retryAfter` is when it has more, absent if not by itself.
    static ApiError budgetExceeded(const QString &message,
                                   std::optional<std::chrono::seconds> retryAfter);
    /// A limit of this gateway; `message` names the limit and its owner. `retryAfter` is absent where the
    /// call can never be let through as it is.
    static ApiError rateLimited(const QString &message,
                                std::optional<std::chrono::seconds> retryAfter);
    static ApiError overloaded(const QString &message, std::chrono::seconds retryAfter);
    static ApiError storeUnavailable(const QString &message, const QString &detail = {});
    static ApiError shuttingDown();
    static ApiError clientClosed();
    static ApiError internal(const QString &detail);
    /// Makes the error for a failed call to a provider; `kind` is one of the Upstream kinds.
    static ApiError upstream(ErrorKind kind, const QString &message, const QString &detail = {});
};

} // namespace delta
