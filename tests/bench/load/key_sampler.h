#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace delta::bench {

/// Says which key the next request bears.
class KeySampler final
{
public:
    /// Draws keys by Zipf's law: the n-th comes in proportion to 1 / n^exponent, with an exponent of 0
    /// all equally often. Takes at least one key. The seed is fixed: every run draws the same keys.
    KeySampler(std::vector<std::string> keys, double exponent);

    /// Takes one key after another in their order, and after the last the first again. Takes at least
    /// one key.
    static KeySampler inTurn(std::vector<std::string> keys);

    /// Reads one key a line. Throws std::runtime_error if the file has none.
    static std::vector<std::string> readKeys(const std::string &path);

    /// Returns the next key; it lives as long as the sampler.
    const std::string &next();

private:
    explicit KeySampler(std::vector<std::string> keys);

    std::vector<std::string> m_keys;
    /// Share of all draws that fall on this key or one before it; empty: keys come in turn.
    std::vector<double> m_cumulative;
    std::size_t m_turn = 0; ///< The key that is next in turn.
    std::mt19937_64 m_random{20260101};
};

} // namespace delta::bench
