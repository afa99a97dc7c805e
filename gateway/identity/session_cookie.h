#pragma once

#include "gateway/ports/http_request.h"
#include "shared/core/secret.h"

#include <QByteArray>

#include <chrono>
#include <optional>

namespace delta::identity {

/// When a browser sends the cookie.
enum class SameSite {
    Strict, ///< Only with what our own pages ask for.
    Lax, ///< Also when somebody follows a link to us: for the page to which an identity provider sends back.
};

/// Returns the value of Set-Cookie that gives a browser a session. It is for this host alone, goes over TLS or to
/// this machine itself only, and no script can read it.
[[nodiscard]] QByteArray sessionCookie(const Secret &token, std::chrono::seconds lifetime,
                                       SameSite sameSite);
/// Returns the value of Set-Cookie that takes it away.
[[nodiscard]] QByteArray endedSessionCookie();

/// Returns the token of the session that a request comes with. Nothing: it has none, or more than one, of which a
/// neighbour may have planted one.
[[nodiscard]] std::optional<Secret> sessionTokenOf(const ports::HttpRequest &request);

} // namespace delta::identity
