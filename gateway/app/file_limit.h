#pragma once

namespace delta::app {

/// Lets the process open as many descriptors as its hard limit allows. The soft limit that a shell
/// hands on is usually 1,024, for the sake of programs that use select(); here every connection is a
/// descriptor, and so is the connection to the provider behind it. Without effect where it fails.
void raiseFileLimit();

} // namespace delta::app
