#pragma once

namespace delta::bench {

/// Makes this process fit for measuring: as many descriptors as the system allows, timers without
/// slack, no SIGPIPE, and an end when the driver that started it ends.
void prepareToolProcess();

} // namespace delta::bench
