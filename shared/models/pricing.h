#pragma once

#include <QString>

#include <cstdint>
#include <optional>
#include <vector>

namespace delta {

/// A price in pico-USD (1e-12 USD) per unit, as an integer: 2.50 USD per million tokens is 2'500'000.
using PicoUsd = std::int64_t;

/// The unit prices of one context size. An absent price falls back as written beside it;
/// a price of zero means free, which is not the same.
struct UnitPrices {
    std::optional<PicoUsd> input;       ///< Per input token. Absent: the model is unpriced.
    std::optional<PicoUsd> output;      ///< Per output token. Absent: no charge (embeddings have none).
    std::optional<PicoUsd> cacheRead;   ///< Per cached input token. Absent: as input.
    std::optional<PicoUsd> cacheWrite;  ///< Per token written to the cache. Absent: as input.
    std::optional<PicoUsd> reasoning;   ///< Per reasoning token. Absent: as output.
    std::optional<PicoUsd> audioInput;  ///< Per audio input token. Absent: as input.
    std::optional<PicoUsd> audioOutput; ///< Per audio output token. Absent: as output.
    std::optional<PicoUsd> image;       ///< Per image made. Absent: no charge.
    std::optional<PicoUsd> request;     ///< Per call that reached the provider. Absent: no charge.

    bool operator==(const UnitPrices &) const = default;
};

/// Prices that replace the base ones when a call's input exceeds a context size.
struct PriceTier {
    std::int64_t aboveInputTokens = 0; ///< The tier applies to calls with more input tokens than this.
    UnitPrices prices;                 ///< Absent members keep the base price.

    bool operator==(const PriceTier &) const = default;
};

/// The price list of one model.
struct Pricing {
    UnitPrices base;
    std::vector<PriceTier> tiers; ///< In rising order of aboveInputTokens; the last that applies wins.
    QString source;               ///< Where the prices come from: a provider's page, or the configuration.
    QString date;                 ///< When they were read there, ISO 8601; empty for configured prices.

    /// Says whether calls can be charged at all.
    [[nodiscard]] bool isPriced() const
    {
        return base.input.has_value() || base.image.has_value() || base.request.has_value();
    }
    bool operator==(const Pricing &) const = default;
};

} // namespace delta
