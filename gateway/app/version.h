#pragma once

namespace delta::app {

/// The version of this build, from the project() line of CMakeLists.txt.
inline constexpr const char *versionText = DELTA_VERSION;

} // namespace delta::app
