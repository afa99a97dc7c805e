#include "gateway/auth/oidc/oidc_answer.h"

#include "gateway/auth/oidc/oidc_preset.h"

#include <QJsonArray>
#include <QUrl>

#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

constexpr qsizetype longestText = 255;
constexpr qsizetype mostGroups = 1000;

bool isLoopback(const QString &host)
{
    return host == "localhost"_L1 || host == "127.0.0.1"_L1 || host == "::1"_L1;
}

bool isSafe(const QString &text)
{
    const QUrl url(text, QUrl::StrictMode);
    return url.isValid() && !url.host().isEmpty() && url.userInfo().isEmpty()
        && (url.scheme() == "https"_L1 || (url.scheme() == "http"_L1 && isLoopback(url.host())));
}

/// Returns the claim of that name, which may lead into objects by stops in it.
QJsonValue claimOf(const QJsonObject &claims, const QString &name)
{
    if (claims.contains(name)) {
        return claims.value(name);
    }
    QJsonValue value = claims;
    for (const QString &step : name.split(u'.')) {
        value = value.toObject().value(step);
    }
    return value;
}

/// Returns nothing where the claim says nothing of groups.
std::optional<QStringList> groupsOf(const QJsonObject &claims, const QString &name)
{
    const QJsonValue value = claimOf(claims, name);
    if (!value.isString() && !value.isArray()) {
        return std::nullopt;
    }
    QStringList groups;
    if (value.isString()) {
        groups.append(value.toString());
    }
    for (const QJsonValue &group : value.toArray()) {
        if (group.isString() && groups.size() < mostGroups) {
            groups.append(group.toString());
        }
    }
    return groups;
}

/// Some send what is true as a text or a number.
bool isTrue(const QJsonValue &value)
{
    return value.toBool() || value.toInt() == 1 || value.toString() == "true"_L1
        || value.toString() == "1"_L1;
}

} // namespace

ApiError refused(const QString &detail)
{
    ApiError error = ApiError::permissionDenied(
        u"The login at the identity provider could not be taken. Try again, or ask an admin."_s);
    error.code = u"sso_refused"_s;
    error.detail = u"single sign-on: "_s + detail;
    return error;
}

std::expected<Discovery, QString> readDiscovery(const QJsonObject &document, const QString &issuer)
{
    // Discovery 1.0, 4.3: to the letter, so that no other issuer can speak for it.
    if (document.value("issuer"_L1).toString() != issuer) {
        return std::unexpected(u"discovery names another issuer"_s);
    }
    Discovery read;
    const std::pair<QLatin1StringView, QByteArray &> endpoints[] = {
        {"authorization_endpoint"_L1, read.authorization},
        {"token_endpoint"_L1, read.token},
        {"jwks_uri"_L1, read.keys},
        {"userinfo_endpoint"_L1, read.userinfo}};
    for (const auto &[name, target] : endpoints) {
        const QString text = document.value(name).toString();
        const bool mayLack = name == "userinfo_endpoint"_L1;
        if (!(mayLack && text.isEmpty()) && !isSafe(text)) {
            return std::unexpected(u"discovery has no %1 that can be used"_s.arg(name));
        }
        target = text.toLatin1();
    }
    const QJsonArray methods = document.value("token_endpoint_auth_methods_supported"_L1).toArray();
    read.takesBasic = methods.isEmpty() || methods.contains(u"client_secret_basic"_s);
    return read;
}

Result<OidcIdentity> identityOf(const QJsonObject &claims, const OidcSettings &settings)
{
    OidcIdentity identity;
    identity.issuer = settings.issuer;
    identity.subject = claims.value("sub"_L1).toString();
    if (identity.subject.isEmpty() || identity.subject.size() > longestText) {
        return failure(refused(u"there is no subject"_s));
    }
    identity.email = claims.value("email"_L1).toString().left(longestText).toLower();
    identity.isEmailVerified = isTrue(claims.value(presetOf(settings.provider).verifiedClaim));
    identity.name = claims.value("name"_L1).toString().left(longestText);
    identity.groups = groupsOf(claims, settings.groupsClaim);
    return identity;
}

} // namespace delta::auth
