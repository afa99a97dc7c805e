#pragma once

#include "shared/core/random.h"
#include "shared/core/result.h"
#include "shared/core/secret.h"

#include <QByteArray>

namespace delta::auth {

/// Hashes a password that the gateway drew with Argon2id (RFC 9106) and a fresh salt, and returns it in
/// PHC form: "$argon2id$v=19$m=19456,t=2,p=1$salt$hash". Takes about 20 ms and 19 MiB on purpose.
/// Errors: Internal if OpenSSL refuses.
[[nodiscard]] Result<QByteArray> hashPassword(const Secret &password, Random &random);

/// Says whether the password is the one behind the hash. A text that is no such hash matches
/// nothing. Takes as long as the hash says, up to a bound.
[[nodiscard]] bool isPassword(const Secret &password, QByteArrayView hash);

} // namespace delta::auth
