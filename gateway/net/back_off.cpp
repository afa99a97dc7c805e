#include "gateway/net/back_off.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace delta::net {

namespace {

constexpr std::chrono::milliseconds longest{std::chrono::hours(1)};
constexpr int mostDoublings = 11; ///< Beyond the longest.

} // namespace

std::chrono::milliseconds backOff(int attempts, Random &random, std::chrono::milliseconds first)
{
    const auto doubled = first * (1LL << std::clamp(attempts - 1, 0, mostDoublings));
    const auto usual = std::min(longest, std::chrono::milliseconds(doubled));
    std::array<std::byte, 2> dice{};
    random.fill(dice);
    const auto share = std::to_integer<std::int64_t>(dice[0]) * 256
        + std::to_integer<std::int64_t>(dice[1]);
    return usual / 2 + usual * share / 65'536;
}

} // namespace delta::net
