#pragma once

#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>

#include <cstdint>

namespace delta::auth {

/// What one guess of a password costs.
struct PasswordCost {
    std::uint32_t memoryKib = 0;
    std::uint32_t passes = 0;
    std::uint32_t lanes = 1;

    bool operator==(const PasswordCost &) const = default;
};

/// For passwords that the gateway drew: OWASP's minimum (Password Storage Cheat Sheet, read 2026-11), about 20 ms.
/// Nobody guesses 119 bits, and more would only hold up the first start.
inline constexpr PasswordCost costOfDrawn{19'456, 2, 1};
/// For passwords that people chose: about 140 ms and 64 MiB, memory and passes of the
/// second choice of RFC 9106.
inline constexpr PasswordCost costOfChosen{65'536, 3, 1};

/// Hashes a password with Argon2id (RFC 9106) and a fresh salt, and returns it in PHC form:
/// "$argon2id$v=19$m=19456,t=2,p=1$salt$hash". Takes as long and as much memory as the cost says, on purpose.
/// Errors: Internal if OpenSSL refuses.
[[nodiscard]] Result<QByteArray> hashPassword(const Secret &password, Random &random,
                                              const PasswordCost &cost);

/// Says whether the password is the one behind the hash. A text that is no such hash matches
/// nothing. Takes as long as the hash says, up to a bound.
[[nodiscard]] bool isPassword(const Secret &password, QByteArrayView hash);

/// Says whether a guess at the hash costs less than that, so that it should be made anew. Also of a text
/// that is no hash.
[[nodiscard]] bool isWeaker(QByteArrayView hash, const PasswordCost &cost);

/// Returns a hash of that cost that no password is behind: to check one against it takes as long as against
/// another, so that nobody learns from the time whether there is another.
[[nodiscard]] QByteArray hashOfNobody(Random &random, const PasswordCost &cost);

} // namespace delta::auth
