#pragma once

#include "shared/core/random.h"

#include <QByteArray>

#include <array>
#include <cstddef>

namespace delta::http {

/// Makes request ids: "req_" and 24 random characters, about 143 bits. Takes its random bytes from
/// `random` by the page, since the kernel's cost a system call each time. Confined to one thread.
class RequestIdSource final
{
public:
    /// The random source is borrowed.
    explicit RequestIdSource(Random &random);
    [[nodiscard]] QByteArray next();

private:
    std::byte nextByte();

    Random &m_random;
    std::array<std::byte, 4096> m_page{};
    std::size_t m_used = m_page.size();
};

} // namespace delta::http
