#pragma once

#include "gateway/ledger/payload_writer.h"
#include "shared/core/clock.h"
#include "shared/core/money.h"

#include <QByteArray>
#include <QByteArrayView>

#include <chrono>
#include <concepts>
#include <cstdint>

namespace delta::ledger {

/// Reads what PayloadWriter wrote. After something impossible everything reads as zero and
/// isSound() says so.
class PayloadReader
{
public:
    explicit PayloadReader(QByteArrayView bytes)
        : m_rest(bytes)
    {
    }

    [[nodiscard]] bool isSound() const
    {
        return m_isSound;
    }
    [[nodiscard]] bool isAtEnd() const
    {
        return m_isSound && m_rest.isEmpty();
    }
    std::uint64_t unsignedNumber()
    {
        std::uint64_t value = 0;
        for (int index = 0; index < maxNumberBytes && !m_rest.isEmpty(); ++index) {
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest = m_rest.sliced(1);
            value |= static_cast<std::uint64_t>(byte & 0x7f) << (7 * index);
            if (byte < 0x80) {
                return value;
            }
        }
        giveUp();
        return 0;
    }
    template <std::integral Number>
    void number(Number &value)
    {
        value = static_cast<Number>(signedNumber());
    }
    void text(QByteArray &value)
    {
        const std::uint64_t size = unsignedNumber();
        if (size > static_cast<std::uint64_t>(m_rest.size())) {
            giveUp();
            return;
        }
        value = m_rest.first(static_cast<qsizetype>(size)).toByteArray();
        m_rest = m_rest.sliced(static_cast<qsizetype>(size));
    }
    void time(WallTime &value)
    {
        value = WallTime(std::chrono::milliseconds(signedNumber()));
    }
    void duration(std::chrono::microseconds &value)
    {
        value = std::chrono::microseconds(signedNumber());
    }
    void money(Money &value)
    {
        value = Money::fromNanos(signedNumber());
    }
    void flag(bool &value)
    {
        value = signedNumber() != 0;
    }
    template <typename Enumeration>
    void enumeration(Enumeration &value)
    {
        value = static_cast<Enumeration>(signedNumber());
    }

private:
    void giveUp()
    {
        m_isSound = false;
        m_rest = {};
    }
    std::int64_t signedNumber()
    {
        const std::uint64_t value = unsignedNumber();
        return static_cast<std::int64_t>((value >> 1) ^ (~(value & 1) + 1));
    }

    QByteArrayView m_rest;
    bool m_isSound = true;
};

} // namespace delta::ledger
