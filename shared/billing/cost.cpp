#include "shared/billing/cost.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace delta {

namespace {

constexpr PicoSum highestSum = static_cast<PicoSum>(~static_cast<unsigned __int128>(0) >> 1);
constexpr PicoSum picosPerNano = 1000;

PicoSum addSaturated(PicoSum a, PicoSum b)
{
    PicoSum sum = 0;
    return __builtin_add_overflow(a, b, &sum) ? highestSum : sum;
}

/// Two factors of 63 bits each: the product has at most 126 and fits.
PicoSum priceOf(qint64 count, std::optional<PicoUsd> price)
{
    return PicoSum(std::max<qint64>(count, 0)) * std::max<PicoUsd>(price.value_or(0), 0);
}

/// Returns what is left of a total when its parts are taken away, at least nothing.
qint64 rest(qint64 total, std::initializer_list<qint64> parts)
{
    PicoSum left = total;
    for (const qint64 part : parts) {
        left -= std::max<qint64>(part, 0);
    }
    return static_cast<qint64>(std::max<PicoSum>(left, 0));
}

std::optional<PicoUsd> orElse(std::optional<PicoUsd> price, std::optional<PicoUsd> fallback)
{
    return price ? price : fallback;
}

Money roundHalfUp(PicoSum picos)
{
    const PicoSum nanos = addSaturated(picos, picosPerNano / 2) / picosPerNano;
    constexpr auto highest = std::numeric_limits<std::int64_t>::max();
    return Money::fromNanos(nanos > highest ? highest : static_cast<std::int64_t>(nanos));
}

Breakdown breakDown(const Usage &usage, const UnitPrices &prices)
{
    const auto &[input, output, cacheRead, cacheWrite, reasoning, audioInput, audioOutput, image,
                 request] = prices;
    const qint64 plainInput = rest(
        usage.inputTokens, {usage.cacheReadTokens, usage.cacheWriteTokens, usage.audioInputTokens});
    const qint64 plainOutput = rest(usage.outputTokens,
                                    {usage.reasoningTokens, usage.audioOutputTokens});
    return {
        .input = priceOf(plainInput, input),
        .cacheRead = priceOf(usage.cacheReadTokens, orElse(cacheRead, input)),
        .cacheWrite = priceOf(usage.cacheWriteTokens, orElse(cacheWrite, input)),
        .audioInput = priceOf(usage.audioInputTokens, orElse(audioInput, input)),
        .output = priceOf(plainOutput, output),
        .reasoning = priceOf(usage.reasoningTokens, orElse(reasoning, output)),
        .audioOutput = priceOf(usage.audioOutputTokens, orElse(audioOutput, output)),
        .images = priceOf(usage.images, image),
        .request = priceOf(1, request),
    };
}

} // namespace

PicoSum Breakdown::total() const
{
    PicoSum sum = 0;
    for (const PicoSum part : {input, cacheRead, cacheWrite, audioInput, output, reasoning,
                               audioOutput, images, request}) {
        sum = addSaturated(sum, part);
    }
    return sum;
}

UnitPrices pricesFor(qint64 inputTokens, const Pricing &pricing)
{
    const auto tier = std::find_if(
        pricing.tiers.rbegin(), pricing.tiers.rend(),
        [&](const PriceTier &candidate) { return inputTokens > candidate.aboveInputTokens; });
    return tier == pricing.tiers.rend() ? pricing.base : pricing.base.overlaid(tier->prices);
}

Charge charge(const Usage &usage, const Pricing &pricing)
{
    Charge result;
    result.isPriced = pricing.isPriced();
    if (result.isPriced) {
        result.parts = breakDown(usage, pricesFor(usage.inputTokens, pricing));
        result.total = roundHalfUp(result.parts.total());
    }
    return result;
}

Money cost(const Usage &usage, const Pricing &pricing)
{
    return charge(usage, pricing).total;
}

} // namespace delta
