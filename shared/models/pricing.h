#pragma once

#include "shared/json/describe.h"
#include "shared/models/pico_usd.h"
#include "shared/models/price_codec.h"

#include <QString>

#include <cstdint>
#include <optional>
#include <tuple>
#include <vector>

namespace delta {

/// The unit prices of one context size. An absent price falls back as written beside it;
/// a price of zero means free, which is not the same.
struct UnitPrices {
    std::optional<PicoUsd> input{}; ///< Per input token. Absent: the model is unpriced.
    std::optional<PicoUsd>
        output{}; ///< Per output token. Absent: no charge (embeddings have none).
    std::optional<PicoUsd> cacheRead{};   ///< Per cached input token. Absent: as input.
    std::optional<PicoUsd> cacheWrite{};  ///< Per token written to the cache. Absent: as input.
    std::optional<PicoUsd> reasoning{};   ///< Per reasoning token. Absent: as output.
    std::optional<PicoUsd> audioInput{};  ///< Per audio input token. Absent: as input.
    std::optional<PicoUsd> audioOutput{}; ///< Per audio output token. Absent: as output.
    std::optional<PicoUsd> image{};       ///< Per image made. Absent: no charge.
    std::optional<PicoUsd> request{}; ///< Per call that reached the provider. Absent: no charge.

    bool operator==(const UnitPrices &) const = default;

    /// Returns these prices with those that `over` names in their place.
    [[nodiscard]] UnitPrices overlaid(const UnitPrices &over) const;

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field<OptionalPrice>("input_cost_per_token"_L1, &UnitPrices::input),
            field<OptionalPrice>("output_cost_per_token"_L1, &UnitPrices::output),
            field<OptionalPrice>("cache_read_input_token_cost"_L1, &UnitPrices::cacheRead),
            field<OptionalPrice>("cache_creation_input_token_cost"_L1, &UnitPrices::cacheWrite),
            field<OptionalPrice>("output_cost_per_reasoning_token"_L1, &UnitPrices::reasoning),
            field<OptionalPrice>("input_cost_per_audio_token"_L1, &UnitPrices::audioInput),
            field<OptionalPrice>("output_cost_per_audio_token"_L1, &UnitPrices::audioOutput),
            field<OptionalPrice>("output_cost_per_image"_L1, &UnitPrices::image),
            field<OptionalPrice>("input_cost_per_request"_L1, &UnitPrices::request),
        };
    }
};

/// Prices that replace the base ones when a call's input exceeds a context size.
struct PriceTier {
    std::int64_t aboveInputTokens =
        0;               ///< The tier applies to calls with more input tokens than this.
    UnitPrices prices{}; ///< Absent members keep the base price.

    bool operator==(const PriceTier &) const = default;

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("above_input_tokens"_L1, &PriceTier::aboveInputTokens),
            inlined(&PriceTier::prices),
        };
    }
};

/// The price list of one model.
struct Pricing {
    UnitPrices base{};
    std::vector<PriceTier>
        tiers{};      ///< In rising order of aboveInputTokens; the last that applies wins.
    QString source{}; ///< Where the prices come from: a provider's page, or the configuration.
    QString date{};   ///< When they were read there, ISO 8601; empty for configured prices.

    /// Says whether calls can be charged at all.
    [[nodiscard]] bool isPriced() const
    {
        return base.input.has_value() || base.image.has_value() || base.request.has_value();
    }
    bool operator==(const Pricing &) const = default;

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            inlined(&Pricing::base),
            field("tiers"_L1, &Pricing::tiers),
            field("source"_L1, &Pricing::source),
            field("date"_L1, &Pricing::date),
        };
    }
};

} // namespace delta
