#include "gateway/telemetry/stream_target.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace delta::telemetry {

StreamTarget::StreamTarget(int descriptor, Format format)
    : m_descriptor(descriptor)
    , m_format(format)
{
}

std::size_t StreamTarget::write(std::span<const LogRecord> records)
{
    QByteArray batch;
    for (const LogRecord &record : records) {
        batch += m_format(record);
    }
    QByteArrayView rest = batch;
    while (!rest.isEmpty()) {
        const ssize_t count = ::write(m_descriptor, rest.data(),
                                      static_cast<std::size_t>(rest.size()));
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            // Also the line that was cut.
            return static_cast<std::size_t>(std::ranges::count(rest, '\n'));
        }
        rest = rest.sliced(count);
    }
    return 0;
}

} // namespace delta::telemetry
