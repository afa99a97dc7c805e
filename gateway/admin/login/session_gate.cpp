#include "gateway/admin/login/session_gate.h"

#include "gateway/identity/origin_check.h"
#include "gateway/identity/session_cookie.h"

using namespace Qt::StringLiterals;

namespace delta::admin {

namespace {

bool onlyReads(QByteArrayView method)
{
    return method == "GET" || method == "HEAD";
}

ApiError passwordChangeRequired()
{
    ApiError error = ApiError::permissionDenied(
        u"Choose another password first: send it to /ui/api/auth/password."_s);
    error.code = u"password_change_required"_s;
    return error;
}

} // namespace

identity::Visitor visitorOf(const ports::HttpRequest &request)
{
    return {.ip = QString::fromLatin1(request.peer),
            .userAgent = QString::fromUtf8(request.header("user-agent").value_or(QByteArrayView())),
            .requestId = QString::fromLatin1(request.id)};
}

Result<identity::Caller> SessionGate::callerOf(const ports::HttpRequest &request)
{
    const std::optional<Secret> token = identity::sessionTokenOf(request);
    if (!token) {
        return failure(ApiError::loginRequired());
    }
    TRY_VOID(identity::requireOwnOrigin(request, m_origins));
    TRY(identity::Caller caller, m_sessions.identify(*token, visitorOf(request)));
    if (!onlyReads(request.method)) {
        TRY_VOID(m_sessions.requireCsrf(caller.session,
                                        request.header("x-csrf-token").value_or(QByteArrayView())));
    }
    return caller;
}

Result<std::optional<SessionFacts>> SessionGate::sessionOf(const ports::HttpRequest &request)
{
    if (!identity::sessionTokenOf(request)) {
        return std::nullopt;
    }
    TRY(const identity::Caller caller, callerOf(request));
    if (caller.mustChangePassword && !request.path.startsWith("/ui/api/auth/")) {
        return failure(passwordChangeRequired());
    }
    return SessionFacts{.sessionId = caller.session.id,
                        .userId = caller.person.id,
                        .isFresh = m_sessions.requireRecentProof(caller.session).has_value()};
}

} // namespace delta::admin
