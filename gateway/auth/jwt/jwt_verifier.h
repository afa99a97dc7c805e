#pragma once

#include "gateway/auth/jwt/jwt_algorithm.h"
#include "gateway/auth/jwt/jwt_fault.h"
#include "gateway/auth/jwt/key_set.h"
#include "shared/core/clock.h"

#include <QByteArrayView>
#include <QJsonObject>
#include <QString>
#include <QStringList>

#include <chrono>
#include <expected>
#include <vector>

namespace delta::auth {

/// No token is longer; longer ones are refused unread.
inline constexpr qsizetype longestJwt = 16 * 1024;
/// By how much the issuer's clock and ours may differ.
inline constexpr std::chrono::seconds jwtLeeway{60};

/// Which tokens are accepted.
struct JwtRules {
    QString issuer;        ///< `iss`, to the letter.
    QStringList audiences; ///< `aud` must name one of them, to the letter.
    /// How they may be signed; what is not here is refused before a key is looked for.
    std::vector<JwtAlgorithm> algorithms = allJwtAlgorithms();

    /// Returns every algorithm that there is here.
    [[nodiscard]] static std::vector<JwtAlgorithm> allJwtAlgorithms();
    bool operator==(const JwtRules &) const = default;
};

/// What a token says, once it is known who says it.
struct VerifiedJwt {
    QJsonObject claims;
    WallTime expiresAt; ///< `exp`; it is accepted for jwtLeeway longer.
};

/// Reads a token in the compact form of a JWS and checks all of it: form, algorithm, key,
/// signature, issuer, audience and times, in this order. What its header says of keys elsewhere
/// (jku, jwk, x5u, x5c) is not looked at; `crit`, `zip` and `b64`, which would change what is
/// signed, are refused.
[[nodiscard]] std::expected<VerifiedJwt, JwtFault> verifyJwt(QByteArrayView token,
                                                             const KeySet &keys,
                                                             const JwtRules &rules, WallTime now);

/// Says whether a text has the outer form of a token: three parts.
[[nodiscard]] bool looksLikeJwt(QByteArrayView text);

} // namespace delta::auth
