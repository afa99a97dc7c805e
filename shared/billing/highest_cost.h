#pragma once

#include "shared/core/money.h"
#include "shared/models/pricing.h"

#include <QtTypes>

#include <optional>

namespace delta {

/// The most that a call can use, before anybody knows what it will use.
struct UsageBound {
    qint64 inputTokens = 0;
    qint64 outputTokens = 0;
    bool hasAudio = false; ///< Whether some of the tokens may be audio, which costs more.

    bool operator==(const UsageBound &) const = default;
};

/// Returns what a call within the bound costs at most: each token at the dearest price that it may come
/// to have (of the cache, of reasoning, of any tier that the call can reach), and the price of the call.
/// No Usage within the bound whose parts do not exceed their totals costs more by cost(). Zero where the
/// model has no price, as cost() charges.
[[nodiscard]] Money highestCost(const UsageBound &bound, const Pricing &pricing);

/// Returns how many output tokens, up to those of the bound, an amount pays for beside the bound's input;
/// nothing if it does not even pay for that.
[[nodiscard]] std::optional<qint64> affordableOutput(Money amount, const UsageBound &bound,
                                                     const Pricing &pricing);

} // namespace delta
