#pragma once

#include <cstdint>
#include <string>

namespace delta::bench {

/// Listens on 127.0.0.1; port 0 means any free one. Returns the descriptor. Throws
/// std::system_error.
int listenOnLoopback(std::uint16_t port);

/// Returns the port that a listening descriptor has. Throws std::system_error.
std::uint16_t portOf(int listener);

/// Takes one waiting connection, non-blocking; negative when none waits.
int acceptOne(int listener);

/// Begins to connect to 127.0.0.1 without waiting. `source` is the address to connect from, such as
/// "127.0.0.7": one address has some 28,000 ports. Throws std::system_error.
int beginConnect(std::uint16_t port, const std::string &source);

} // namespace delta::bench
