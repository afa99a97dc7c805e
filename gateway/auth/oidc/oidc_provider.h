#pragma once

#include "gateway/auth/jwt/key_set.h"
#include "gateway/auth/oidc/oidc_settings.h"
#include "gateway/ports/http_reply.h"
#include "shared/core/clock.h"
#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <expected>
#include <functional>
#include <memory>
#include <optional>

namespace delta::auth {

/// Who somebody is, says the identity provider.
struct OidcIdentity {
    QString issuer;
    QString subject; ///< Names them for the issuer, for ever. Nothing else does.
    QString email;   ///< Empty: it was not told.
    bool isEmailVerified = false;
    QString name;
    /// Absent: the provider did not say, as some do where somebody has very many.
    std::optional<QStringList> groups;
};

/// What a login sends along, and must find again.
struct OidcAttempt {
    QString state;    ///< Comes back with the browser.
    QString nonce;    ///< Comes back in the ID token.
    QString verifier; ///< Of PKCE: what only we know.
};

/// Speaks with an identity provider: authorization code, PKCE (RFC 7636), nonce, discovery, and keys that change
/// (OpenID Connect Core 1.0, Discovery 1.0). All functions block, and belong to one thread.
class OidcProvider
{
public:
    /// A question to the provider.
    struct Request {
        QByteArray method;
        QByteArray url;
        ports::HeaderList fields{};
        Secret body{};
    };
    struct Response {
        int status = 0;
        QByteArray body;
    };
    /// Asks, or says why that cannot be done.
    using Fetch = std::function<std::expected<Response, QString>(const Request &request)>;

    /// `clock` must outlive it.
    OidcProvider(OidcSettings settings, Fetch fetch, const Clock &clock)
        : m_settings(std::move(settings))
        , m_fetch(std::move(fetch))
        , m_clock(clock)
    {
    }

    /// Returns where a browser has to go to log in. Errors: `identity_unavailable`.
    [[nodiscard]] Result<QByteArray> authorizeUrl(const OidcAttempt &attempt);
    /// Finds out who it was whom the provider sent back with a code. Errors: `sso_refused` where the provider does not
    /// take the code or what it says cannot be believed; `identity_unavailable`. The reason is in the detail.
    [[nodiscard]] Result<OidcIdentity> redeem(const QString &code, const OidcAttempt &attempt);

private:
    struct Endpoints {
        QByteArray authorization;
        QByteArray token;
        QByteArray userinfo; ///< Empty: there is none.
        QByteArray keys;
        bool takesBasic = true; ///< Whether the secret goes into a header, and not the body.
    };

    [[nodiscard]] Result<void> discover();
    [[nodiscard]] Result<Endpoints> askForEndpoints();
    [[nodiscard]] Result<QJsonObject> ask(const Request &request, int &status);
    [[nodiscard]] Result<void> fetchKeys();
    [[nodiscard]] Result<QJsonObject> exchange(const QString &code, const OidcAttempt &attempt);
    [[nodiscard]] Result<QJsonObject> verified(const QByteArray &token, const OidcAttempt &attempt);
    [[nodiscard]] Result<QJsonObject> userinfo(const QByteArray &accessToken,
                                               const QString &subject);

    const OidcSettings m_settings;
    const Fetch m_fetch;
    const Clock &m_clock;
    std::optional<Endpoints> m_endpoints;        ///< The last that were read.
    SteadyTime m_discoverAt = SteadyTime::min(); ///< When they are to be asked for again.
    ApiError m_discoveryFault; ///< Why they could not be read the last time, if there are none.
    std::shared_ptr<const KeySet> m_keys; ///< Null: none were ever fetched.
    SteadyTime m_keysAt{};
};

/// Makes what a login sends along: 256 bits each.
[[nodiscard]] OidcAttempt makeAttempt(Random &random);

} // namespace delta::auth
