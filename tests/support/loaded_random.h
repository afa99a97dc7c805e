#pragma once

#include "shared/core/random.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace delta::test {

/// Chance that always falls the same way.
class LoadedRandom final : public Random
{
public:
    explicit LoadedRandom(std::byte side)
        : m_side(side)
    {
    }
    void fill(std::span<std::byte> target) override
    {
        std::ranges::fill(target, m_side);
    }

private:
    std::byte m_side;
};

} // namespace delta::test
