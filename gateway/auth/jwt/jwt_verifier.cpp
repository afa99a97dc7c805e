#include "gateway/auth/jwt/jwt_verifier.h"

#include "gateway/auth/jwt/base64_url.h"
#include "gateway/auth/jwt/strict_json.h"

#include <QJsonArray>
#include <QJsonValue>

#include <algorithm>
#include <optional>
#include <utility>

using namespace Qt::StringLiterals;

namespace delta::auth {

namespace {

template <typename T>
using Checked = std::expected<T, JwtFault>;

constexpr qsizetype longestKeyId = 256;
/// The last second of the year 9999: nobody means a later one.
constexpr double latestTime = 253'402'300'799;

/// The three parts as they were sent.
struct Parts {
    QByteArrayView header;
    QByteArrayView payload;
    QByteArrayView signature;
    QByteArrayView signedText; ///< The first two, with the stop between them.
};

std::optional<Parts> partsOf(QByteArrayView token)
{
    if (token.size() > longestJwt || !looksLikeJwt(token)) {
        return std::nullopt;
    }
    const qsizetype first = token.indexOf('.');
    const qsizetype last = token.lastIndexOf('.');
    return Parts{token.first(first), token.sliced(first + 1, last - first - 1),
                 token.sliced(last + 1), token.first(last)};
}

/// What the header says that matters here.
struct Header {
    const JwtAlgorithmFacts *algorithm; ///< Never null.
    std::optional<QString> keyId;
};

/// `application/` may be left out (RFC 7515, 4.1.9). A token that was made for something else, such
/// as a logout, has another type.
bool isTokenType(const QString &type)
{
    constexpr auto prefix = "application/"_L1;
    const QString bare = type.startsWith(prefix, Qt::CaseInsensitive) ? type.sliced(prefix.size())
                                                                      : type;
    return bare.compare("JWT"_L1, Qt::CaseInsensitive) == 0
        || bare.compare("at+jwt"_L1, Qt::CaseInsensitive) == 0;
}

std::optional<Header> headerOf(QByteArrayView part, const JwtRules &rules)
{
    const auto json = decodeBase64Url(part).and_then(
        [](const QByteArray &text) { return parseStrictObject(text); });
    if (!json) {
        return std::nullopt;
    }
    for (const auto name : {"crit"_L1, "zip"_L1, "b64"_L1, "enc"_L1, "cty"_L1}) {
        if (json->contains(name)) {
            return std::nullopt;
        }
    }
    const QJsonValue type = (*json)["typ"_L1];
    const QJsonValue keyId = (*json)["kid"_L1];
    const JwtAlgorithmFacts *algorithm = findJwtAlgorithm((*json)["alg"_L1].toString());
    const bool isNamed = keyId.isString() && keyId.toString().size() <= longestKeyId;
    if (!algorithm || !std::ranges::contains(rules.algorithms, algorithm->algorithm)
        || (!keyId.isUndefined() && !isNamed)
        || (!type.isUndefined() && !isTokenType(type.toString()))) {
        return std::nullopt;
    }
    return Header{algorithm, isNamed ? std::optional(keyId.toString()) : std::nullopt};
}

bool isAudience(const QJsonValue &audience, const QStringList &ours)
{
    if (!audience.isArray()) {
        return audience.isString() && ours.contains(audience.toString());
    }
    const QJsonArray several = audience.toArray();
    return std::ranges::all_of(several, [](const QJsonValue &each) { return each.isString(); })
        && std::ranges::any_of(
               several, [&ours](const QJsonValue &each) { return ours.contains(each.toString()); });
}

/// Reads seconds since 1970, of which there may be a part. Nothing if it is no such time.
std::optional<WallTime> timeOf(const QJsonValue &value)
{
    const double seconds = value.toDouble(-1);
    if (!value.isDouble() || seconds < 0 || seconds > latestTime) {
        return std::nullopt;
    }
    return WallTime(std::chrono::seconds(static_cast<qint64>(seconds)));
}

/// Returns when it expires.
Checked<WallTime> checkTimes(const QJsonObject &claims, WallTime now)
{
    const std::optional<WallTime> end = timeOf(claims["exp"_L1]);
    if (!end) {
        return std::unexpected(JwtFault::BadTimes);
    }
    for (const auto name : {"nbf"_L1, "iat"_L1}) {
        const QJsonValue value = claims[name];
        const std::optional<WallTime> begin = timeOf(value);
        if (!value.isUndefined() && !begin) {
            return std::unexpected(JwtFault::BadTimes);
        }
        if (begin && *begin > now + jwtLeeway) {
            return std::unexpected(JwtFault::NotYetValid);
        }
    }
    if (*end + jwtLeeway <= now) {
        return std::unexpected(JwtFault::Expired);
    }
    return *end;
}

/// Returns the payload if the issuer has signed it.
Checked<QJsonObject> signedClaims(const Parts &parts, const KeySet &keys, const JwtRules &rules)
{
    const auto header = headerOf(parts.header, rules);
    const auto signature = decodeBase64Url(parts.signature);
    const auto payload = decodeBase64Url(parts.payload);
    if (!header || !signature || !payload) {
        return std::unexpected(JwtFault::Malformed);
    }
    const PublicKey *key = keys.find(header->keyId, *header->algorithm);
    if (!key) {
        return std::unexpected(header->keyId ? JwtFault::UnknownKey : JwtFault::UnnamedKey);
    }
    if (!key->hasSigned(parts.signedText, *header->algorithm, *signature)) {
        return std::unexpected(header->keyId ? JwtFault::WrongSignature : JwtFault::UnnamedKey);
    }
    auto claims = parseStrictObject(*payload);
    return claims ? Checked<QJsonObject>(*std::move(claims)) : std::unexpected(JwtFault::Malformed);
}

} // namespace

std::vector<JwtAlgorithm> JwtRules::allJwtAlgorithms()
{
    std::vector<JwtAlgorithm> all;
    for (const JwtAlgorithmFacts &facts : jwtAlgorithms()) {
        all.push_back(facts.algorithm);
    }
    return all;
}

std::expected<VerifiedJwt, JwtFault> verifyJwt(QByteArrayView token, const KeySet &keys,
                                               const JwtRules &rules, WallTime now)
{
    const auto parts = partsOf(token);
    if (!parts) {
        return std::unexpected(JwtFault::Malformed);
    }
    auto claims = signedClaims(*parts, keys, rules);
    if (!claims) {
        return std::unexpected(claims.error());
    }
    const QJsonValue issuer = (*claims)["iss"_L1];
    if (!issuer.isString() || issuer.toString() != rules.issuer) {
        return std::unexpected(JwtFault::WrongIssuer);
    }
    if (!isAudience((*claims)["aud"_L1], rules.audiences)) {
        return std::unexpected(JwtFault::WrongAudience);
    }
    return checkTimes(*claims, now).transform([&claims](WallTime end) {
        return VerifiedJwt{*std::move(claims), end};
    });
}

bool looksLikeJwt(QByteArrayView text)
{
    return text.size() > 2 && std::ranges::count(text, '.') == 2;
}

} // namespace delta::auth
