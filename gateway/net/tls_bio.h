#pragma once

#include <openssl/bio.h>

namespace delta::net {

/// Makes OpenSSL's view of a connected socket. Unlike OpenSSL's own it never raises SIGPIPE.
/// The caller frees the method when no BIO uses it any more; null if memory ran out.
[[nodiscard]] BIO_METHOD *makeSocketMethod();

/// Makes a BIO on a descriptor, which stays the caller's; null if memory ran out.
[[nodiscard]] BIO *makeSocketBio(const BIO_METHOD *method, int fd);

} // namespace delta::net
