#include "gateway/config/jwt_keys.h"

#include "gateway/auth/jwt/jwt_algorithm.h"
#include "gateway/config/nearest_value.h"
#include "gateway/net/mail_server.h"

#include <QUrl>

#include <algorithm>
#include <utility>
#include <vector>

using namespace Qt::StringLiterals;

namespace delta::config {

namespace {

using auth::JwtClaimNames;
using auth::JwtSettings;

template <auto Member>
constexpr Key<ConfigDraft> claim(QLatin1StringView name, QLatin1StringView meaning)
{
    return setting<&Config::jwt, &JwtSettings::claims, Member>(name, meaning);
}

constexpr std::array claimKeys{
    claim<&JwtClaimNames::user>("user_id"_L1, "The user, whom every token must name."_L1),
    claim<&JwtClaimNames::team>("team_id"_L1, "The team."_L1),
    claim<&JwtClaimNames::organization>("organization_id"_L1, "The organisation; absent: none."_L1),
    claim<&JwtClaimNames::models>(
        "models"_L1, "The models that may be called; absent: a token may call all of them."_L1),
    claim<&JwtClaimNames::role>("user_role"_L1, "The roles, for jwt_allowed_roles."_L1),
    claim<&JwtClaimNames::scopes>("scopes"_L1, "The scopes, for jwt_required_scopes."_L1),
};

constexpr std::array claimIdleKeys{
    IdleKeys{Effect::NoEffectYet, "a call's user is what user_id names"_L1, "email"_L1},
};

} // namespace

constinit const Table<ConfigDraft> jwtClaimsTable{claimKeys, claimIdleKeys};

void readJwksUrl(const Value &value, const Limits &, ConfigDraft &draft)
{
    const auto text = value.text();
    if (!text || text->isEmpty()) {
        return;
    }
    const QUrl url(*text, QUrl::StrictMode);
    const bool isPlain = std::ranges::all_of(*text, [](QChar c) { return c > u' ' && c <= u'~'; });
    const bool isSafe = url.scheme() == "https"_L1
        || (url.scheme() == "http"_L1 && net::isThisMachine(url.host().toLatin1()));
    if (!isPlain || !url.isValid() || url.host().isEmpty() || !isSafe
        || !url.userInfo().isEmpty()) {
        value.fail(u"must be an https URL such as https://login.example.com/keys, without a user "
                   "or password"_s);
        return;
    }
    draft.config.jwt.keysUrl = text->toLatin1();
}

void readJwtAudience(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    QStringList audiences;
    if (value.node().kind == YamlNode::Kind::List) {
        read(value, limits, audiences);
    } else if (auto text = value.text()) {
        audiences.append(*std::move(text));
    }
    audiences.removeAll(QString());
    draft.config.jwt.rules.audiences = std::move(audiences);
}

void readJwtAlgorithms(const Value &value, const Limits &limits, ConfigDraft &draft)
{
    QStringList names;
    read(value, limits, names);
    std::vector<auth::JwtAlgorithm> algorithms;
    for (const QString &name : names) {
        const auth::JwtAlgorithmFacts *facts = auth::findJwtAlgorithm(name);
        if (!facts) {
            QStringList known;
            for (const auth::JwtAlgorithmFacts &each : auth::jwtAlgorithms()) {
                known.append(each.name);
            }
            value.fail(u"may hold %1, and nothing else"_s.arg(known.join(u", "_s)));
            return;
        }
        algorithms.push_back(facts->algorithm);
    }
    if (algorithms.empty()) {
        value.fail(u"must name an algorithm"_s);
        return;
    }
    draft.config.jwt.rules.algorithms = std::move(algorithms);
}

void checkJwt(const Value &root, const JwtSettings &jwt)
{
    if (!jwt.isEnabled) {
        return;
    }
    const Value place = nearestValue(root, {u"general_settings"_s, u"enable_jwt_auth"_s});
    if (jwt.keysUrl.isEmpty()) {
        place.fail(u"needs jwt_public_key_url as well"_s);
    }
    if (jwt.rules.issuer.isEmpty()) {
        place.fail(u"needs jwt_issuer as well"_s);
    }
    if (jwt.rules.audiences.isEmpty()) {
        place.fail(u"needs jwt_audience as well: without it tokens that the issuer made for any "
                   "other service would be accepted"_s);
    }
    if (jwt.claims.user.isEmpty()) {
        nearestValue(root, {u"general_settings"_s, u"jwt_claims_mapping"_s, u"user_id"_s})
            .fail(u"must name a claim"_s);
    }
}

} // namespace delta::config
