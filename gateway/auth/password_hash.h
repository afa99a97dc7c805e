#pragma once

#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>

namespace delta::auth {

/// Hashes a password with Argon2id (RFC 9106: 64 MiB, 3 passes, 1 lane) and a fresh salt, and
/// returns it in PHC form: "$argon2id$v=19$m=65536,t=3,p=1$salt$hash". Takes about 0.15 s and 64
/// MiB on purpose.
/// Errors: Internal if OpenSSL refuses.
[[nodiscard]] Result<QByteArray> hashPassword(const Secret &password, Random &random);

/// Says whether the password is the one behind the hash. A text that is no such hash matches
/// nothing.
/// Takes as long as hashing.
[[nodiscard]] bool isPassword(const Secret &password, QByteArrayView hash);

} // namespace delta::auth
