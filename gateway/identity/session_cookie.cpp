#include "gateway/identity/session_cookie.h"

#include "gateway/identity/cookies.h"
#include "gateway/identity/secrets.h"

#include <QByteArrayView>

namespace delta::identity {

namespace {

/// Browsers take a cookie of this prefix only from the host itself, with Secure, for all paths.
constexpr char cookieName[] = "__Host-deltallm_session";

QByteArray cookie(QByteArrayView value, std::chrono::seconds lifetime, SameSite sameSite)
{
    return cookieName + ('=' + value.toByteArray())
        + "; Path=/; Max-Age=" + QByteArray::number(qint64(lifetime.count()))
        + "; Secure; HttpOnly; SameSite=" + (sameSite == SameSite::Strict ? "Strict" : "Lax");
}

} // namespace

QByteArray sessionCookie(const Secret &token, std::chrono::seconds lifetime, SameSite sameSite)
{
    return cookie(token.reveal(), lifetime, sameSite);
}

QByteArray endedSessionCookie()
{
    return cookie({}, std::chrono::seconds(0), SameSite::Strict);
}

std::optional<Secret> sessionTokenOf(const ports::HttpRequest &request)
{
    const std::optional<QByteArray> token = cookieOf(request, cookieName);
    return token && looksLikeToken(*token) ? std::optional(Secret(*token)) : std::nullopt;
}

} // namespace delta::identity
