#include "gateway/auth/jwt/jwt_identity.h"

#include "gateway/auth/jwt/token_error.h"
#include "shared/core/quoted.h"

#include <QJsonArray>
#include <QJsonValue>

#include <algorithm>
#include <memory>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

/// Ids of users and teams are as long in keys.
constexpr qsizetype longestId = 255;

ApiError badClaim(const QString &name, const QString &problem)
{
    return invalidToken(u"The claim %1 of the token %2."_s.arg(quoted(name), problem),
                        u"token with a bad claim"_s);
}

/// Returns the value of a claim; undefined if it is not there, or null.
QJsonValue claimOf(const QJsonObject &claims, const QString &name)
{
    QJsonValue value = claims[name];
    if (value.isUndefined() && name.contains(u'.')) {
        value = claims;
        for (const QString &step : name.split(u'.')) {
            value = value.toObject()[step];
        }
    }
    return value.isNull() ? QJsonValue(QJsonValue::Undefined) : value;
}

/// Returns the id that a claim holds; empty if the claim is not there.
Result<QByteArray> idOf(const QJsonObject &claims, const QString &name)
{
    const QJsonValue value = name.isEmpty() ? QJsonValue(QJsonValue::Undefined)
                                            : claimOf(claims, name);
    if (value.isUndefined()) {
        return QByteArray();
    }
    const QString id = value.toString();
    if (!value.isString() || id.size() > longestId || hasUnprintable(id)) {
        return failure(
            badClaim(name, u"must be a text of at most %1 printable characters"_s.arg(longestId)));
    }
    return id.toUtf8();
}

/// Returns the texts that a claim holds, in an array or one after another; none if it is not there.
Result<QStringList> textsOf(const QJsonObject &claims, const QString &name)
{
    const QJsonValue value = claimOf(claims, name);
    if (value.isUndefined() || value.isString()) {
        return value.toString().split(u' ', Qt::SkipEmptyParts);
    }
    QStringList texts;
    for (const QJsonValue &each : value.toArray()) {
        if (each.isString() && !each.toString().isEmpty()) {
            texts.append(each.toString());
        }
    }
    if (!value.isArray() || texts.size() != value.toArray().size()) {
        return failure(badClaim(name, u"must be a list of texts"_s));
    }
    return texts;
}

Result<void> checkRights(const QJsonObject &claims, const JwtSettings &settings)
{
    if (!settings.requiredScopes.isEmpty()) {
        TRY(const QStringList scopes, textsOf(claims, settings.claims.scopes));
        for (const QString &scope : settings.requiredScopes) {
            if (!scopes.contains(scope)) {
                return failure(ApiError::permissionDenied(
                    u"The token lacks the scope %1."_s.arg(quoted(scope))));
            }
        }
    }
    if (!settings.allowedRoles.isEmpty()) {
        TRY(const QStringList roles, textsOf(claims, settings.claims.role));
        const auto isAllowed = [&settings](const QString &role) {
            return settings.allowedRoles.contains(role);
        };
        if (std::ranges::none_of(roles, isAllowed)) {
            return failure(
                ApiError::permissionDenied(u"The token has no role that may use this gateway."_s));
        }
    }
    return {};
}

/// Returns the models that may be called; none means all, as with keys.
Result<QByteArrayList> modelsOf(const QJsonObject &claims, const QString &name)
{
    if (name.isEmpty()) {
        return QByteArrayList();
    }
    TRY(const QStringList names, textsOf(claims, name));
    if (names.isEmpty()) {
        return failure(
            ApiError::permissionDenied(u"The token names no model that it may be used for."_s));
    }
    QByteArrayList models;
    for (const QString &each : names) {
        models.append(each.toUtf8());
    }
    return models;
}

} // namespace

Result<KeyFacts> identityOf(const VerifiedJwt &token, const JwtSettings &settings)
{
    const JwtClaimNames &names = settings.claims;
    TRY(const QByteArray user, idOf(token.claims, names.user));
    if (user.isEmpty()) {
        return failure(badClaim(names.user, u"must name the user"_s));
    }
    TRY_VOID(checkRights(token.claims, settings));
    KeyTerms terms;
    TRY(terms.models, modelsOf(token.claims, names.models));
    KeyFacts facts;
    facts.id = "jwt:" + user;
    facts.userId = user;
    TRY(facts.teamId, idOf(token.claims, names.team));
    TRY(facts.organizationId, idOf(token.claims, names.organization));
    facts.terms = std::make_shared<const KeyTerms>(std::move(terms));
    facts.expiresAt = token.expiresAt;
    return facts;
}

} // namespace delta::auth
