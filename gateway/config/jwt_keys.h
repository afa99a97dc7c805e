#pragma once

#include "gateway/auth/jwt/jwt_settings.h"
#include "gateway/config/config_draft.h"
#include "gateway/config/key_tables.h"

#include <array>

namespace delta::config {

/// Takes https, or http of this machine: whoever can change what comes from there can let anybody
/// in.
void readJwksUrl(const Value &value, const Limits &limits, ConfigDraft &draft);
/// Takes one text or a list of them.
void readJwtAudience(const Value &value, const Limits &limits, ConfigDraft &draft);
/// Takes a list of names of algorithms that have a public key.
void readJwtAlgorithms(const Value &value, const Limits &limits, ConfigDraft &draft);

/// Reports settings of tokens that are wrong together. `root` is the whole file.
void checkJwt(const Value &root, const auth::JwtSettings &jwt);

extern const Table<ConfigDraft> jwtClaimsTable; ///< general_settings.jwt_claims_mapping

/// Which tokens of an identity provider are accepted, in general_settings.
inline constexpr std::array jwtKeys{
    setting<&Config::jwt, &auth::JwtSettings::isEnabled>(
        QLatin1StringView("enable_jwt_auth"),
        QLatin1StringView("Whether signed tokens (JWT) of an issuer are accepted as keys.")),
    Key<ConfigDraft>{.name = QLatin1StringView("jwt_public_key_url"),
                     .meaning = QLatin1StringView("JWKS of the issuer."),
                     .type = QLatin1StringView("URL"),
                     .read = readJwksUrl},
    setting<&Config::jwt, &auth::JwtSettings::caFile>(
        QLatin1StringView("jwt_ca_file"),
        QLatin1StringView("PEM bundle that it is trusted by; absent: the system's.")),
    setting<&Config::jwt, &auth::JwtSettings::rules, &auth::JwtRules::issuer>(
        QLatin1StringView("jwt_issuer"), QLatin1StringView("What iss must be, to the letter.")),
    Key<ConfigDraft>{.name = QLatin1StringView("jwt_audience"),
                     .meaning = QLatin1StringView("What aud must name; of several one."),
                     .type = QLatin1StringView("text or list of texts"),
                     .read = readJwtAudience},
    Key<ConfigDraft>{.name = QLatin1StringView("jwt_algorithms"),
                     .meaning = QLatin1StringView("How tokens may be signed."),
                     .type = QLatin1StringView("list of names"),
                     .read = readJwtAlgorithms},
    setting<&Config::jwt, &auth::JwtSettings::requiredScopes>(
        QLatin1StringView("jwt_required_scopes"),
        QLatin1StringView("Scopes that a token must have, all of them; absent: none.")),
    setting<&Config::jwt, &auth::JwtSettings::allowedRoles>(
        QLatin1StringView("jwt_allowed_roles"),
        QLatin1StringView("Roles of which a token must have one; absent: it needs none.")),
    section(QLatin1StringView("jwt_claims_mapping"),
            QLatin1StringView("In which claims of a token things stand."), jwtClaimsTable),
};

} // namespace delta::config
