#pragma once

#include "shared/core/result.h"
#include "shared/models/pricing.h"

#include <QString>

#include <vector>

namespace delta {

/// A price as a configuration file has it: the key in `model_info` or `litellm_params`, and its
/// value as written. A text, because a YAML or JSON reader would make a double of a number.
struct ConfiguredPrice {
    QString key;
    QString text;
};

/// Says whether configuredPricing() takes a key: the names that UnitPrices::fields() lists, the
/// aliases `input_cost_per_token_cache_hit` and `input_cost_per_image`, and each of them with
/// "_above_<n>k_tokens" at the end for calls with more than n thousand input tokens.
[[nodiscard]] bool isPriceKey(QStringView key);

/// Returns the price list of a deployment whose configuration names prices.
/// A configuration that prices the input prices the model: its list replaces the built-in one
/// whole. Otherwise its prices are laid over the built-in ones, which may be null for none.
/// Errors: InvalidRequest whose `param` is the key: no price key, no exact price, or a price that
/// two keys give differently.
[[nodiscard]] Result<Pricing> configuredPricing(const std::vector<ConfiguredPrice> &prices,
                                                const Pricing *builtIn);

} // namespace delta
