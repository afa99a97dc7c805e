#pragma once

namespace delta::net {

/// Looks at a socket without taking anything from it. Returns false once bytes, an end or an error
/// are there to be read.
[[nodiscard]] bool isQuietSocket(int fd);

} // namespace delta::net
