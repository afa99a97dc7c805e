#pragma once

#include "shared/core/clock.h"

#include <QByteArray>

namespace delta::http {

/// Tells the time as the Date header has it, e.g. "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110
/// §5.6.7).
/// Writes the text once a second. Confined to one thread.
class HttpDate final
{
public:
    /// The clock is borrowed.
    explicit HttpDate(const Clock &clock)
        : m_clock(clock)
    {
    }
    /// Returns the time of this second; a view of it stays good until the next call.
    [[nodiscard]] const QByteArray &now();

private:
    const Clock &m_clock;
    std::chrono::sys_seconds m_second{};
    QByteArray m_text;
};

} // namespace delta::http
