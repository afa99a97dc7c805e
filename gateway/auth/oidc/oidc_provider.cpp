#include "gateway/auth/oidc/oidc_provider.h"

#include "gateway/auth/jwt/jwt_verifier.h"
#include "gateway/auth/jwt/token_error.h"
#include "gateway/auth/oidc/oidc_answer.h"
#include "gateway/auth/oidc/oidc_preset.h"
#include "shared/core/random.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QJsonDocument>
#include <QUrl>

#include <chrono>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

/// For how long what the provider says of itself is taken as it is, and its keys.
constexpr std::chrono::minutes discoveryLife{60};
/// For how long it is not asked again after it could not be asked, so that not everybody who wants to log in waits as
/// long as it takes to know that.
constexpr std::chrono::seconds discoveryRest{10};
constexpr std::chrono::minutes keysLife{10};
/// How old an ID token may be: it was made a moment ago.
constexpr std::chrono::minutes oldestToken{10};

QByteArray encoded(const QString &text)
{
    return QUrl::toPercentEncoding(text);
}

QByteArray formOf(const std::vector<std::pair<QByteArray, QString>> &fields)
{
    QByteArrayList parts;
    for (const auto &[name, value] : fields) {
        parts.append(name + '=' + encoded(value));
    }
    return parts.join('&');
}

QByteArray challengeOf(const QString &verifier)
{
    return QCryptographicHash::hash(verifier.toLatin1(), QCryptographicHash::Sha256)
        .toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
}

ApiError unavailable(const QString &detail)
{
    ApiError error = identityUnavailable();
    error.detail = u"single sign-on: "_s + detail;
    return error;
}

} // namespace

OidcAttempt makeAttempt(Random &random)
{
    constexpr int characters = 43; // 256 bits.
    const auto make = [&random] { return QString::fromLatin1(randomText(random, characters)); };
    return {make(), make(), make()};
}

/// Asks for JSON. A status of the provider's is for the caller to judge.
Result<QJsonObject> OidcProvider::ask(const Request &request, int &status)
{
    const auto answered = m_fetch(request);
    if (!answered) {
        return failure(unavailable(answered.error()));
    }
    status = answered->status;
    return QJsonDocument::fromJson(answered->body).object();
}

/// Where the provider cannot be asked what it said before goes on being good.
Result<void> OidcProvider::discover()
{
    const SteadyTime now = m_clock.steady();
    if (now >= m_discoverAt) {
        auto read = askForEndpoints();
        m_discoverAt = m_clock.steady()
            + (read ? std::chrono::seconds(discoveryLife) : discoveryRest);
        if (read) {
            m_endpoints = *std::move(read);
        } else {
            m_discoveryFault = read.error();
        }
    }
    return m_endpoints ? Result<void>() : failure(m_discoveryFault);
}

Result<OidcProvider::Endpoints> OidcProvider::askForEndpoints()
{
    QString base = m_settings.issuer;
    if (base.endsWith(u'/')) {
        base.chop(1);
    }
    int status = 0;
    TRY(const QJsonObject document,
        ask({"GET",
             base.toUtf8() + "/.well-known/openid-configuration",
             {{"Accept", "application/json"}}},
            status));
    if (status != 200) {
        return failure(unavailable(u"discovery answered %1"_s.arg(status)));
    }
    const auto read = readDiscovery(document, m_settings.issuer);
    if (!read) {
        return failure(unavailable(read.error()));
    }
    return Endpoints{read->authorization, read->token, read->userinfo, read->keys,
                     read->takesBasic};
}

Result<QByteArray> OidcProvider::authorizeUrl(const OidcAttempt &attempt)
{
    TRY_VOID(discover());
    const QByteArray query = formOf(
        {{"response_type", u"code"_s},
         {"client_id", m_settings.clientId},
         {"redirect_uri", m_settings.redirectUri},
         {"scope",
          m_settings.scope.isEmpty() ? QString(presetOf(m_settings.provider).scope)
                                     : m_settings.scope},
         {"state", attempt.state},
         {"nonce", attempt.nonce},
         {"code_challenge", QString::fromLatin1(challengeOf(attempt.verifier))},
         {"code_challenge_method", u"S256"_s}});
    const QByteArray &url = m_endpoints->authorization;
    return url + (url.contains('?') ? '&' : '?') + query;
}

Result<OidcIdentity> OidcProvider::redeem(const QString &code, const OidcAttempt &attempt)
{
    TRY_VOID(discover());
    TRY(const QJsonObject tokens, exchange(code, attempt));
    TRY(QJsonObject claims, verified(tokens.value("id_token"_L1).toString().toLatin1(), attempt));
    const QString subject = claims.value("sub"_L1).toString();
    const bool lacksMore = !claims.contains("email"_L1) || !claims.contains(m_settings.groupsClaim);
    const QByteArray access = tokens.value("access_token"_L1).toString().toUtf8();
    if (lacksMore && !m_endpoints->userinfo.isEmpty() && !access.isEmpty()) {
        TRY(const QJsonObject more, userinfo(access, subject));
        for (auto claim = more.begin(); claim != more.end(); ++claim) {
            if (!claims.contains(claim.key())) {
                claims.insert(claim.key(), *claim);
            }
        }
    }
    return identityOf(claims, m_settings);
}

Result<QJsonObject> OidcProvider::exchange(const QString &code, const OidcAttempt &attempt)
{
    std::vector<std::pair<QByteArray, QString>> form{{"grant_type", u"authorization_code"_s},
                                                     {"code", code},
                                                     {"redirect_uri", m_settings.redirectUri},
                                                     {"code_verifier", attempt.verifier}};
    Request request{
        "POST",
        m_endpoints->token,
        {{"Content-Type", "application/x-www-form-urlencoded"}, {"Accept", "application/json"}}};
    const QString secret = QString::fromUtf8(m_settings.clientSecret.reveal());
    if (!secret.isEmpty() && m_endpoints->takesBasic) {
        // RFC 6749, 2.3.1: both parts are encoded as in a form.
        const QByteArray pair = encoded(m_settings.clientId) + ':' + encoded(secret);
        request.fields.emplace_back("Authorization", "Basic " + pair.toBase64());
    } else {
        form.emplace_back("client_id", m_settings.clientId);
        if (!secret.isEmpty()) {
            form.emplace_back("client_secret", secret);
        }
    }
    request.body = Secret(formOf(form));
    int status = 0;
    TRY(QJsonObject answer, ask(request, status));
    if (status != 200) {
        const QString why = answer.value("error"_L1).toString();
        return failure(status >= 500 ? unavailable(u"the token endpoint answered %1"_s.arg(status))
                                     : refused(u"the code was not taken: %1"_s.arg(
                                           why.isEmpty() ? QString::number(status) : why)));
    }
    return answer;
}

Result<void> OidcProvider::fetchKeys()
{
    int status = 0;
    const auto answered = m_fetch({"GET", m_endpoints->keys, {{"Accept", "application/json"}}});
    if (!answered) {
        return failure(unavailable(answered.error()));
    }
    status = answered->status;
    auto keys = KeySet::parse(answered->body);
    if (status != 200 || !keys) {
        return failure(
            unavailable(status != 200 ? u"its keys answered %1"_s.arg(status) : keys.error()));
    }
    m_keys = std::make_shared<const KeySet>(*std::move(keys));
    m_keysAt = m_clock.steady();
    return {};
}

Result<QJsonObject> OidcProvider::verified(const QByteArray &token, const OidcAttempt &attempt)
{
    const JwtRules rules{m_settings.issuer, {m_settings.clientId}};
    const bool isFresh = m_keys && m_clock.steady() < m_keysAt + keysLife;
    if (!isFresh) {
        TRY_VOID(fetchKeys());
    }
    auto checked = verifyJwt(token, *m_keys, rules, m_clock.wall());
    if (!checked && isFresh && mayBeNewKey(checked.error())) {
        TRY_VOID(fetchKeys()); // It may sign with a key that is newer than what we know.
        checked = verifyJwt(token, *m_keys, rules, m_clock.wall());
    }
    if (!checked) {
        return failure(refused(u"the ID token is no good: "_s + errorOf(checked.error()).detail));
    }
    const QJsonObject &claims = checked->claims;
    if (claims.value("nonce"_L1).toString() != attempt.nonce) {
        return failure(refused(u"the ID token has another nonce"_s));
    }
    const bool hasSeveral = claims.value("aud"_L1).toArray().size() > 1;
    const QString party = claims.value("azp"_L1).toString();
    if ((hasSeveral || claims.contains("azp"_L1)) && party != m_settings.clientId) {
        return failure(refused(u"the ID token was made for another party"_s));
    }
    const WallTime issued(std::chrono::seconds(claims.value("iat"_L1).toInteger()));
    if (issued + oldestToken < m_clock.wall()) {
        return failure(refused(u"the ID token is old"_s));
    }
    return claims;
}

Result<QJsonObject> OidcProvider::userinfo(const QByteArray &accessToken, const QString &subject)
{
    int status = 0;
    TRY(QJsonObject answer,
        ask({"GET",
             m_endpoints->userinfo,
             {{"Authorization", "Bearer " + accessToken}, {"Accept", "application/json"}}},
            status));
    if (status != 200) {
        return failure(unavailable(u"userinfo answered %1"_s.arg(status)));
    }
    // Core 1.0, 5.3.2: else somebody else's could have been put in its place.
    if (answer.value("sub"_L1).toString() != subject) {
        return failure(refused(u"userinfo is of somebody else"_s));
    }
    return answer;
}

} // namespace delta::auth
