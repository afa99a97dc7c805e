#include "gateway/identity/session_cookie.h"

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

/// Counts the cookies of our name in a field, and keeps the value of the last.
int readField(QByteArrayView field, QByteArrayView &value)
{
    int found = 0;
    while (!field.isEmpty()) {
        const qsizetype end = field.indexOf(';');
        const QByteArrayView pair = (end < 0 ? field : field.first(end)).trimmed();
        field = end < 0 ? QByteArrayView() : field.sliced(end + 1);
        const qsizetype equals = pair.indexOf('=');
        if (equals >= 0 && pair.first(equals).trimmed() == cookieName) {
            value = pair.sliced(equals + 1).trimmed();
            ++found;
        }
    }
    return found;
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
    int found = 0;
    QByteArrayView value;
    for (const auto &[name, field] : request.fields) {
        if (name.compare("cookie", Qt::CaseInsensitive) == 0) {
            found += readField(field, value);
        }
    }
    return found == 1 && looksLikeToken(value) ? std::optional(Secret(value.toByteArray()))
                                               : std::nullopt;
}

} // namespace delta::identity
