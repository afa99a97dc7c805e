#include "shared/billing/configured_prices.h"

#include "shared/core/quoted.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace delta {

namespace {

using PriceMember = std::optional<PicoUsd> UnitPrices::*;

/// What a key names: a price, and the context size above which it holds; zero for every call.
struct Target {
    PriceMember price = nullptr;
    std::int64_t aboveInputTokens = 0;
};

PriceMember memberOf(QStringView name)
{
    if (name == "input_cost_per_token_cache_hit"_L1) {
        return &UnitPrices::cacheRead;
    }
    if (name == "input_cost_per_image"_L1) {
        return &UnitPrices::image;
    }
    PriceMember found = nullptr;
    forEachField<UnitPrices>([&](const auto &field) {
        if (name == field.name) {
            found = field.member;
        }
    });
    return found;
}

/// Reads the n of "_above_<n>k_tokens", in tokens; zero if it is no such number.
std::int64_t thresholdOf(QStringView thousands)
{
    constexpr int longest = 6; // A billion tokens: beyond every context.
    const bool isNumber = !thousands.isEmpty() && thousands.size() <= longest
        && std::ranges::all_of(thousands,
                               [](QChar digit) { return digit >= u'0' && digit <= u'9'; });
    return isNumber ? thousands.toLongLong() * 1000 : 0;
}

Target targetOf(QStringView key)
{
    const QStringView above = u"_above_";
    const QStringView tokens = u"k_tokens";
    const qsizetype at = key.indexOf(above);
    if (at < 0 || !key.endsWith(tokens)) {
        return {.price = memberOf(key)};
    }
    const std::int64_t threshold = thresholdOf(
        key.sliced(at + above.size()).chopped(tokens.size()));
    return threshold == 0 ? Target{} : Target{memberOf(key.first(at)), threshold};
}

UnitPrices &pricesAt(std::int64_t aboveInputTokens, Pricing &pricing)
{
    if (aboveInputTokens == 0) {
        return pricing.base;
    }
    const auto place = std::ranges::lower_bound(pricing.tiers, aboveInputTokens, {},
                                                &PriceTier::aboveInputTokens);
    if (place != pricing.tiers.end() && place->aboveInputTokens == aboveInputTokens) {
        return place->prices;
    }
    return pricing.tiers.insert(place, PriceTier{aboveInputTokens, {}})->prices;
}

Result<void> add(const ConfiguredPrice &configured, Pricing &pricing)
{
    const QString &key = configured.key;
    const Target target = targetOf(key);
    if (!target.price) {
        return failure(ApiError::invalidRequest(u"%1 names no price."_s.arg(quoted(key)), key));
    }
    const auto price = fromUsdPerUnit(configured.text);
    if (!price) {
        return failure(ApiError::invalidRequest(
            u"'%1' %2; it is %3."_s.arg(key, price.error(), quoted(configured.text)), key));
    }
    std::optional<PicoUsd> &slot = pricesAt(target.aboveInputTokens, pricing).*(target.price);
    if (slot && *slot != *price) {
        return failure(ApiError::invalidRequest(
            u"'%1' contradicts another key for the same price; leave one of them out."_s.arg(key),
            key));
    }
    slot = *price;
    return {};
}

} // namespace

bool isPriceKey(QStringView key)
{
    return targetOf(key).price != nullptr;
}

Result<Pricing> configuredPricing(const std::vector<ConfiguredPrice> &prices,
                                  const Pricing *builtIn)
{
    if (prices.empty() && builtIn) {
        return *builtIn;
    }
    Pricing configured;
    for (const ConfiguredPrice &price : prices) {
        TRY_VOID(add(price, configured));
    }
    configured.source = u"configuration"_s;
    if (configured.base.input || !builtIn) {
        return configured;
    }
    Pricing merged = *builtIn;
    merged.base = merged.base.overlaid(configured.base);
    for (const PriceTier &tier : configured.tiers) {
        UnitPrices &slot = pricesAt(tier.aboveInputTokens, merged);
        slot = slot.overlaid(tier.prices);
    }
    merged.source = u"configuration over "_s + builtIn->source;
    return merged;
}

} // namespace delta
