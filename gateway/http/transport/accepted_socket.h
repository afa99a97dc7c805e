#pragma once

#include "gateway/http/file_descriptor.h"
#include "gateway/http/transport/connection_limits.h"

#include <QByteArray>

namespace delta::http {

/// A client connection as it comes from the listener: non-blocking, and within the caps.
struct AcceptedSocket {
    FileDescriptor fd;
    QByteArray peer; ///< The client's address as text.
    ConnectionLimits::Slot slot;
};

} // namespace delta::http
