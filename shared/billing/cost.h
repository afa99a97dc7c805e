#pragma once

#include "shared/core/money.h"
#include "shared/models/pricing.h"
#include "shared/models/usage.h"

namespace delta {

/// A sum of pico-USD (1e-12 USD). 128 bits hold every product of a count and a unit price.
using PicoSum = __int128;

/// What each part of a call costs, before rounding. The parts are disjoint, never negative,
/// and saturate: an auditor can add them up by hand.
struct Breakdown {
    PicoSum input = 0; ///< Input that is neither cached, written to the cache, nor audio.
    PicoSum cacheRead = 0;
    PicoSum cacheWrite = 0;
    PicoSum audioInput = 0;
    PicoSum output = 0; ///< Output that is neither reasoning nor audio.
    PicoSum reasoning = 0;
    PicoSum audioOutput = 0;
    PicoSum images = 0;
    PicoSum request = 0; ///< The price of the call itself.

    bool operator==(const Breakdown &) const = default;

    /// Returns the sum of all parts.
    [[nodiscard]] PicoSum total() const;
};

/// What a call costs, and why.
struct Charge {
    Money total; ///< The sum of the parts, rounded once.
    Breakdown parts;
    bool isPriced = true; ///< False: the total of zero is not the truth.
};

/// Returns the prices for a call with that many input tokens: the base ones, overlaid with the last
/// tier that applies.
[[nodiscard]] UnitPrices pricesFor(qint64 inputTokens, const Pricing &pricing);

/// Charges one call that reached its provider.
/// Each part of the input and output is charged at its own price, or at the one that UnitPrices
/// names as its fallback; where the parts exceed their total, each is charged as reported and no
/// rest remains. The exact sum of the products is rounded half up to a nano-USD, once. Negative
/// counts and prices
/// count as zero, and what exceeds the range of Money becomes its highest amount: a hostile usage
/// figure can never make a call free or give money back.
[[nodiscard]] Charge charge(const Usage &usage, const Pricing &pricing);

/// Returns the total of charge().
[[nodiscard]] Money cost(const Usage &usage, const Pricing &pricing);

} // namespace delta
