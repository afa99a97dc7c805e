#pragma once

#include <QByteArray>

#include <array>
#include <cstdint>
#include <limits>
#include <random>

namespace delta {

/// Throws the values of a property test from a fixed seed, and says on failure how to find the
/// throw again.
class Dice
{
public:
    explicit Dice(std::uint64_t seed)
        : m_seed(seed)
        , m_engine(seed)
    {
    }

    /// Begins the next round.
    void next()
    {
        ++m_round;
    }
    /// Returns a whole number from `least` to `most`, each equally likely.
    std::int64_t between(std::int64_t least, std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(least, most)(m_engine);
    }
    /// Returns a number of any size: as many small ones as large ones, and often one at an edge.
    std::int64_t ofAnySize()
    {
        static constexpr std::array<std::int64_t, 5> edges{
            0, 1, -1, std::numeric_limits<std::int64_t>::max(),
            std::numeric_limits<std::int64_t>::min()};
        if (between(0, 9) == 0) {
            return edges[static_cast<std::size_t>(between(0, 4))];
        }
        const auto bits = static_cast<std::int64_t>(m_engine()) >> between(0, 63);
        return between(0, 1) == 0 ? bits : -(bits / 2);
    }
    /// Returns a count of any size from zero up.
    std::int64_t countOfAnySize()
    {
        return ofAnySize() & std::numeric_limits<std::int64_t>::max();
    }
    /// Names the throw in a failure message.
    [[nodiscard]] QByteArray where() const
    {
        return "seed " + QByteArray::number(quint64(m_seed)) + ", round "
            + QByteArray::number(m_round);
    }

private:
    std::uint64_t m_seed;
    std::mt19937_64 m_engine;
    int m_round = 0;
};

} // namespace delta
