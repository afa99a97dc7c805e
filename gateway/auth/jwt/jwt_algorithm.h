#pragma once

#include <QLatin1StringView>
#include <QStringView>

#include <optional>
#include <span>

namespace delta::auth {

/// The kinds of keys that signatures are checked with.
enum class KeyKind { Rsa, P256, P384, P521, Ed25519 };

/// The ways to sign that exist here (RFC 7518 and 8037). All of them have a private and a public
/// key: "none" and those with a shared secret cannot be named, so no configuration can let them in.
enum class JwtAlgorithm {
    Rs256,
    Rs384,
    Rs512,
    Ps256,
    Ps384,
    Ps512,
    Es256,
    Es384,
    Es512,
    EdDsa, ///< Ed25519 only.
};

/// What there is to know of an algorithm.
struct JwtAlgorithmFacts {
    JwtAlgorithm algorithm;
    QLatin1StringView name; ///< As in `alg`.
    KeyKind key;            ///< The only kind of key that fits.
    const char *digest;     ///< OpenSSL's name; null: the algorithm has its own.
    bool isPss = false;     ///< RSASSA-PSS, with a salt as long as the digest.
};

/// Returns all of them.
[[nodiscard]] std::span<const JwtAlgorithmFacts> jwtAlgorithms();
/// Returns the one of that name, whose case matters; null if there is none.
[[nodiscard]] const JwtAlgorithmFacts *findJwtAlgorithm(QStringView name);

} // namespace delta::auth
