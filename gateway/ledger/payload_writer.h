#pragma once

#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <QByteArray>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>

namespace delta::ledger {

/// Texts of an entry are cut to this many bytes, so that every record has a largest size.
inline constexpr qsizetype maxTextBytes = 256;
/// Most bytes that one number takes: seven bits in each.
inline constexpr int maxNumberBytes = 10;

/// Writes numbers and texts one after another into memory that is large enough for them.
/// Small numbers take one byte: the low seven bits come first, and the eighth says that more
/// follow.
class PayloadWriter
{
public:
    explicit PayloadWriter(char *begin)
        : m_begin(begin)
        , m_next(begin)
    {
    }

    [[nodiscard]] qsizetype size() const
    {
        return m_next - m_begin;
    }
    void unsignedNumber(std::uint64_t value)
    {
        for (; value >= 0x80; value >>= 7) {
            *m_next++ = static_cast<char>(value | 0x80);
        }
        *m_next++ = static_cast<char>(value);
    }
    /// Writes small negative numbers as short as small positive ones: 0, -1, 1, -2 become 0, 1, 2,
    /// 3.
    void number(std::int64_t value)
    {
        unsignedNumber((static_cast<std::uint64_t>(value) << 1)
                       ^ static_cast<std::uint64_t>(value >> 63));
    }
    void text(const QByteArray &value)
    {
        const qsizetype size = std::min(value.size(), maxTextBytes);
        unsignedNumber(static_cast<std::uint64_t>(size));
        std::memcpy(m_next, value.constData(), static_cast<std::size_t>(size));
        m_next += size;
    }
    void time(WallTime value)
    {
        number(value.time_since_epoch().count());
    }
    void duration(std::chrono::microseconds value)
    {
        number(value.count());
    }
    void money(Money value)
    {
        number(value.nanos());
    }
    void flag(bool value)
    {
        number(value ? 1 : 0);
    }
    template <typename Enumeration>
    void enumeration(Enumeration value)
    {
        number(static_cast<std::int64_t>(value));
    }

private:
    char *m_begin;
    char *m_next;
};

} // namespace delta::ledger
