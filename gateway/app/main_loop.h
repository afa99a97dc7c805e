#pragma once

namespace delta::app {

/// Makes the gateway's event loop the one of this thread. Called once, before the QCoreApplication
/// is made, which takes it over.
void useMainLoop();

} // namespace delta::app
