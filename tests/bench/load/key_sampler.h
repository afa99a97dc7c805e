#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace delta::bench {

/// Draws keys by Zipf's law: the n-th key comes in proportion to 1 / n^exponent.
/// The seed is fixed, so that every run draws the same keys.
class KeySampler final
{
public:
    /// Takes at least one key. An exponent of 0 draws all equally often.
    KeySampler(std::vector<std::string> keys, double exponent);

    /// Reads one key a line. Throws std::runtime_error if the file has none.
    static KeySampler fromFile(const std::string &path, double exponent);

    /// Returns the next key; it lives as long as the sampler.
    const std::string &next();

private:
    std::vector<std::string> m_keys;
    std::vector<double>
        m_cumulative; ///< Share of all draws that fall on this key or one before it.
    std::mt19937_64 m_random{20260101};
};

} // namespace delta::bench
