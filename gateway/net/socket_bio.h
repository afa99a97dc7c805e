#pragma once

typedef struct bio_st BIO;

namespace delta::net {

/// Makes OpenSSL's view of a socket. OpenSSL's own raises SIGPIPE when the peer is gone.
/// The caller owns the result; the descriptor is borrowed. Throws std::bad_alloc.
[[nodiscard]] BIO *makeSocketBio(int fd);

} // namespace delta::net
