#pragma once

#include "shared/json/describe.h"
#include "shared/json/enum_names.h"

#include <QtTypes>

#include <array>
#include <compare>
#include <limits>
#include <tuple>

namespace delta {

/// What one call consumed, in units. Totals include their parts: cached input is part of input,
/// reasoning is part of output. Negative counts never occur; parsers clamp them to zero and flag
/// the call.
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

    /// Returns input and output together, at most the highest number there is.
    [[nodiscard]] constexpr qint64 totalTokens() const
    {
        qint64 total = 0;
        return __builtin_add_overflow(inputTokens, outputTokens, &total)
            ? std::numeric_limits<qint64>::max()
            : total;
    }

    /// Describes the struct under the names that LiteLLM gives its fields.
    static constexpr auto fields()
    {
        using namespace Qt::StringLiterals;
        return std::tuple{
            field("prompt_tokens"_L1, &Usage::inputTokens),
            field("completion_tokens"_L1, &Usage::outputTokens),
            computed("total_tokens"_L1, [](const Usage &usage) { return usage.totalTokens(); }),
            field("cache_read_input_tokens"_L1, &Usage::cacheReadTokens),
            field("cache_creation_input_tokens"_L1, &Usage::cacheWriteTokens),
            field("reasoning_tokens"_L1, &Usage::reasoningTokens),
            field("input_audio_tokens"_L1, &Usage::audioInputTokens),
            field("output_audio_tokens"_L1, &Usage::audioOutputTokens),
            field("image_count"_L1, &Usage::images),
        };
    }
};

/// Says where a usage figure comes from.
enum class UsageSource {
    None,      ///< Nothing was consumed: the call never reached a provider.
    Reported,  ///< The provider's own count.
    Estimated, ///< Our count, because the provider gave none or an impossible one.
    Recovered, ///< Our count, made after a crash from what the journal knew.
};

/// Returns the names of the values in JSON and in the database.
constexpr auto enumNames(UsageSource)
{
    using namespace Qt::StringLiterals;
    return std::array{
        EnumName{UsageSource::None, "none"_L1},
        EnumName{UsageSource::Reported, "reported"_L1},
        EnumName{UsageSource::Estimated, "estimated"_L1},
        EnumName{UsageSource::Recovered, "recovered"_L1},
    };
}

} // namespace delta
