// Tokens, keys and logins of an identity provider: what is not signed by the provider's key is never valid, and what is
// signed is valid only if it says what it must. The key is made anew in each run, so no input can hold a signature.
#include "gateway/auth/jwt/jwt_identity.h"
#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/auth/jwt/jwt_verifier.h"
#include "gateway/auth/jwt/strict_json.h"
#include "gateway/auth/oidc/oidc_answer.h"
#include "gateway/auth/oidc/oidc_provider.h"
#include "tests/fuzz/fuzz_input.h"
#include "tests/gateway/auth/auth_fakes.h"
#include "tests/gateway/auth/jwt/jwt_signer.h"

#include <QUrl>

using namespace delta;
using namespace delta::auth;
using namespace delta::auth::test;
using delta::fuzz::Input;
using delta::fuzz::require;

namespace {

const QByteArray provider = "https://login.example.com";

struct Keys {
    SigningKey ours{KeyKind::Ed25519};
    SigningKey oursToo{KeyKind::P256};
    SigningKey strange{KeyKind::Ed25519};
    KeySet set = keySetOf({ours.jwk(u"ed"_s), oursToo.jwk(u"ec"_s)});
    std::vector<QByteArray>
        strangeTokens; ///< With no name of a key, and with each that a set may have.

    Keys()
    {
        strangeTokens.push_back(strange.token({{u"alg"_s, u"EdDSA"_s}}, goodClaims()));
        for (const QString &id : {u"ed"_s, u"ec"_s, u"rsa"_s, u""_s}) {
            strangeTokens.push_back(strange.token(headerFor(u"EdDSA"_s, id), goodClaims()));
        }
    }
};

const Keys &keys()
{
    static const Keys made;
    return made;
}

/// Reads as another program would, which takes what comes last of what is there twice.
QJsonObject loose(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

bool names(const QJsonValue &audience, const QString &ours)
{
    return audience == ours || audience.toArray().contains(ours);
}

void checkClaims(const QJsonObject &claims, const QString &wantedIssuer)
{
    constexpr double leeway = 60;
    require(claims["iss"_L1] == wantedIssuer, "the issuer is ours");
    require(names(claims["aud"_L1], u"deltallm"_s), "it is for us");
    require(claims["exp"_L1].toDouble() > double(nowSeconds) - leeway, "it has not expired");
    require(claims["nbf"_L1].toDouble() <= double(nowSeconds) + leeway, "it is good already");
}

/// Signs a header and claims as they are, and checks that what is accepted is what both say.
void checkSigned(Input input)
{
    const QByteArray header = input.takeLine();
    const QByteArray token = keys().ours.token(header, input.text, u"EdDSA");
    const auto verified = verifyJwt(token, keys().set, goodRules(), testNow);
    if (!verified) {
        return;
    }
    require(loose(header)["alg"_L1] == u"EdDSA"_s, "the algorithm is the one that was used");
    require(!loose(header).contains(u"crit"_s), "nothing critical is passed over");
    require(loose(input.text) == verified->claims, "two readers read the same");
    checkClaims(verified->claims, issuer);
    JwtSettings settings;
    settings.claims.models = u"models"_s;
    settings.claims.organization = u"org.id"_s;
    settings.requiredScopes = QStringList{u"llm"_s};
    for (const JwtSettings &each : {JwtSettings(), settings}) {
        if (const auto facts = identityOf(*verified, each)) {
            require(facts->id.startsWith("jwt:") && !facts->userId.isEmpty(), "it is somebody");
        }
    }
}

/// Signs two parts whatever they are: no more than the signature is right.
void checkParts(const QByteArray &text)
{
    const QByteArray token = text + '.'
        + base64Url(keys().ours.sign(text, *findJwtAlgorithm(u"EdDSA")));
    if (const auto verified = verifyJwt(token, keys().set, goodRules(), testNow)) {
        const QByteArray payload = text.sliced(text.indexOf('.') + 1);
        const auto decoded = QByteArray::fromBase64Encoding(
            payload, QByteArray::Base64UrlEncoding | QByteArray::AbortOnBase64DecodingErrors);
        require(bool(decoded) && base64Url(*decoded) == payload,
                "there is one text for some bytes");
        checkClaims(verified->claims, issuer);
    }
}

/// No set of keys that somebody sends lets a stranger in whose key is not in it.
void checkKeySet(const QByteArray &document)
{
    const auto set = KeySet::parse(document);
    if (!set) {
        require(!set.error().isEmpty(), "it is said what is wrong");
        return;
    }
    require(set->size() > 0 && set->size() <= KeySet::mostKeys, "there are some keys");
    for (const QByteArray &token : keys().strangeTokens) {
        require(!verifyJwt(token, *set, goodRules(), testNow), "a stranger is no issuer", document);
    }
}

void checkDiscovery(const QByteArray &text)
{
    const auto found = readDiscovery(loose(text), QString::fromLatin1(provider));
    if (!found) {
        return;
    }
    require(loose(text)["issuer"_L1] == QString::fromLatin1(provider), "it speaks of itself");
    for (const QByteArray &address :
         {found->authorization, found->token, found->keys, found->userinfo}) {
        const QUrl url(QString::fromUtf8(address));
        const bool isHere = url.host() == u"localhost" || url.host().startsWith(u"127.")
            || url.host() == u"::1";
        require(address.isEmpty() || url.scheme() == u"https"
                    || (isHere && url.scheme() == u"http"),
                "nothing is asked in the open", address);
    }
}

/// Redeems a code for which the provider says this, signed by its key or by another one's.
void checkLogin(const QByteArray &claims, const SigningKey &signer, bool isStranger)
{
    static const StoppedClock clock;
    OidcSettings settings;
    settings.isEnabled = true;
    settings.issuer = QString::fromLatin1(provider);
    settings.clientId = u"deltallm"_s;
    settings.redirectUri = u"https://gateway.example.com/ui/api/auth/oidc/callback"_s;
    const QByteArray token = signer.token(jsonOf(headerFor(u"EdDSA"_s, u"ed"_s)), claims, u"EdDSA");
    OidcProvider asked(
        settings,
        [&token](const OidcProvider::Request &request)
            -> std::expected<OidcProvider::Response, QString> {
            const QString base = QString::fromLatin1(provider);
            if (request.url.endsWith("/keys")) {
                return OidcProvider::Response{200, jwksOf({keys().ours.jwk(u"ed"_s)})};
            }
            if (request.url.endsWith("/token")) {
                return OidcProvider::Response{
                    200, jsonOf({{u"id_token"_s, QString::fromLatin1(token)}})};
            }
            return OidcProvider::Response{
                200,
                jsonOf({{u"issuer"_s, base},
                        {u"authorization_endpoint"_s, base + u"/authorize"_s},
                        {u"token_endpoint"_s, base + u"/token"_s},
                        {u"jwks_uri"_s, base + u"/keys"_s}})};
        },
        clock);
    const auto who = asked.redeem(u"code"_s, {u"state-1"_s, u"nonce-1"_s, u"verifier-1"_s});
    if (!who) {
        return;
    }
    const QJsonObject said = loose(claims);
    require(!isStranger, "nobody else can say who somebody is", claims);
    checkClaims(said, settings.issuer);
    require(said["nonce"_L1] == u"nonce-1"_s, "it is the answer to this login");
    require(!who->subject.isEmpty() && said["sub"_L1] == who->subject, "it is who it says");
    require(!who->isEmailVerified || said["email_verified"_L1] != QJsonValue(false),
            "nobody verifies an address but the provider");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    fuzz::keepQuiet();
    const Input input(data, size);
    switch (input.purpose) {
    case 't':
        require(!verifyJwt(input.text, keys().set, goodRules(), testNow), "nobody can sign for us");
        break;
    case 's':
        checkSigned(input);
        break;
    case 'p':
        checkParts(input.text);
        break;
    case 'k':
        checkKeySet(input.text);
        break;
    case 'd':
        checkDiscovery(input.text);
        break;
    case 'o':
        checkLogin(input.text, keys().ours, false);
        break;
    case 'x':
        checkLogin(input.text, keys().strange, true);
        break;
    default:
        break;
    }
    return 0;
}
