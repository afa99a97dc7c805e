#pragma once

#include <QtTypes>

#include <compare>

namespace delta {

/// What one call consumed, in units. Totals include their parts: cached input is part of input,
/// reasoning is part of output. Negative counts never occur; parsers clamp them to zero and flag the call.
struct Usage {
    qint64 inputTokens = 0;       ///< All input tokens, cached and audio ones included.
    qint64 outputTokens = 0;      ///< All output tokens, reasoning and audio ones included.
    qint64 cacheReadTokens = 0;   ///< Part of input that the provider read from its prompt cache.
    qint64 cacheWriteTokens = 0;  ///< Part of input that the provider wrote to its prompt cache.
    qint64 reasoningTokens = 0;   ///< Part of output that the model thought and did not say.
    qint64 audioInputTokens = 0;  ///< Part of input.
    qint64 audioOutputTokens = 0; ///< Part of output.
    qint64 images = 0;            ///< Images made.

    auto operator<=>(const Usage &) const = default;
};

/// Says where a usage figure comes from.
enum class UsageSource {
    None,      ///< Nothing was consumed: the call never reached a provider.
    Reported,  ///< The provider's own count.
    Estimated, ///< Our count, because the provider gave none or an impossible one.
    Recovered, ///< Our count, made after a crash from what the journal knew.
};

} // namespace delta
