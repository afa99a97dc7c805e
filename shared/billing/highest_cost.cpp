#include "shared/billing/highest_cost.h"

#include "shared/billing/cost.h"

#include <algorithm>
#include <initializer_list>

namespace delta {

namespace {

using Price = std::optional<PicoUsd>;

/// Absent is below any price, also below zero.
Price dearest(std::initializer_list<Price> prices)
{
    return std::max(prices);
}

UnitPrices dearestPrices(const UnitPrices &prices, bool hasAudio)
{
    return {.input = dearest({prices.input, prices.cacheRead, prices.cacheWrite,
                              hasAudio ? prices.audioInput : std::nullopt}),
            .output = dearest(
                {prices.output, prices.reasoning, hasAudio ? prices.audioOutput : std::nullopt}),
            .image = prices.image,
            .request = prices.request};
}

/// Returns one list without parts or tiers that is nowhere cheaper than the real one.
Pricing flatPricing(const UsageBound &bound, const Pricing &pricing)
{
    Pricing flat;
    flat.base = dearestPrices(pricing.base, bound.hasAudio);
    for (const PriceTier &tier : pricing.tiers) {
        if (bound.inputTokens > tier.aboveInputTokens) {
            const UnitPrices its = dearestPrices(pricing.base.overlaid(tier.prices),
                                                 bound.hasAudio);
            flat.base.input = dearest({flat.base.input, its.input});
            flat.base.output = dearest({flat.base.output, its.output});
            flat.base.request = dearest({flat.base.request, its.request});
        }
    }
    return flat;
}

Money costOf(const UsageBound &bound, const Pricing &flat)
{
    Usage usage;
    usage.inputTokens = bound.inputTokens;
    usage.outputTokens = bound.outputTokens;
    return cost(usage, flat);
}

} // namespace

Money highestCost(const UsageBound &bound, const Pricing &pricing)
{
    return pricing.isPriced() ? costOf(bound, flatPricing(bound, pricing)) : Money();
}

std::optional<qint64> affordableOutput(Money amount, const UsageBound &bound,
                                       const Pricing &pricing)
{
    if (!pricing.isPriced()) {
        return bound.outputTokens;
    }
    const Pricing flat = flatPricing(bound, pricing);
    const auto pays = [&](qint64 outputTokens) {
        UsageBound smaller = bound;
        smaller.outputTokens = outputTokens;
        return costOf(smaller, flat) <= amount;
    };
    if (!pays(0)) {
        return std::nullopt;
    }
    // The cost grows with the tokens, so the border is found by halving what lies between.
    qint64 paid = 0;
    qint64 tooMany = bound.outputTokens;
    if (pays(tooMany)) {
        return tooMany;
    }
    while (tooMany - paid > 1) {
        const qint64 middle = paid + (tooMany - paid) / 2;
        (pays(middle) ? paid : tooMany) = middle;
    }
    return paid;
}

} // namespace delta
