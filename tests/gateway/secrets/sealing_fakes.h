#pragma once

#include "gateway/secrets/key_ring.h"
#include "shared/core/random.h"

#include <QByteArray>

#include <cstddef>
#include <span>

namespace delta::secrets::test {

/// Random bytes that count upwards.
class CountingRandom final : public Random
{
public:
    void fill(std::span<std::byte> target) override
    {
        for (std::byte &byte : target) {
            byte = std::byte{m_next++};
        }
    }

private:
    unsigned char m_next = 0;
};

/// Returns the line of a key of which every byte is the same.
inline QByteArray keyLine(char byte)
{
    return QByteArray(32, byte).toHex() + '\n';
}

/// Returns a ring with the keys of the lines.
inline KeyRing ringOf(const QByteArray &lines)
{
    return KeyRing::fromText(lines, QStringLiteral("test")).value();
}

} // namespace delta::secrets::test
