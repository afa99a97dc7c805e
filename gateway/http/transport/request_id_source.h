#pragma once

#include "shared/core/clock.h"
#include "shared/core/random.h"

#include <QByteArray>

#include <array>
#include <cstddef>

namespace delta::http {

/// Makes request ids: "req_", eight characters of the time in milliseconds, and sixteen random ones, about 95 bits. So
/// they sort by time, and an index of them grows at its end only. Takes its random bytes from `random` by the page,
/// since the kernel's cost a system call each time. Confined to one thread.
class RequestIdSource final
{
public:
    /// Both are borrowed.
    RequestIdSource(Random &random, const Clock &clock);
    [[nodiscard]] QByteArray next();

private:
    std::byte nextByte();

    Random &m_random;
    const Clock &m_clock;
    std::array<std::byte, 4096> m_page{};
    std::size_t m_used = m_page.size();
};

} // namespace delta::http
