#include "tests/bench/load/key_sampler.h"

#include <algorithm>
#include <cmath>
#include <fstream>
#include <stdexcept>
#include <utility>

namespace delta::bench {

KeySampler::KeySampler(std::vector<std::string> keys)
    : m_keys(std::move(keys))
{
}

KeySampler::KeySampler(std::vector<std::string> keys, double exponent)
    : KeySampler(std::move(keys))
{
    double sum = 0;
    for (std::size_t index = 0; index < m_keys.size(); ++index) {
        sum += std::pow(static_cast<double>(index + 1), -exponent);
        m_cumulative.push_back(sum);
    }
}

KeySampler KeySampler::inTurn(std::vector<std::string> keys)
{
    return KeySampler(std::move(keys));
}

std::vector<std::string> KeySampler::readKeys(const std::string &path)
{
    std::ifstream file(path);
    std::vector<std::string> keys;
    for (std::string line; std::getline(file, line);) {
        keys.push_back(line);
    }
    if (keys.empty()) {
        throw std::runtime_error(path + " holds no key");
    }
    return keys;
}

const std::string &KeySampler::next()
{
    if (m_cumulative.empty()) {
        return m_keys[m_turn++ % m_keys.size()];
    }
    if (m_keys.size() == 1) {
        return m_keys.front();
    }
    std::uniform_real_distribution<double> distribution(0, m_cumulative.back());
    const auto found = std::ranges::upper_bound(m_cumulative, distribution(m_random));
    const auto index = std::min<std::ptrdiff_t>(found - m_cumulative.begin(),
                                                std::ssize(m_keys) - 1);
    return m_keys[static_cast<std::size_t>(index)];
}

} // namespace delta::bench
