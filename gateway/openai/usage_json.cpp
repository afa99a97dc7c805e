#include "gateway/openai/usage_json.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace delta::openai {

namespace {

constexpr qint64 highestCount = 1'000'000'000'000;

/// Where a name of the usage object goes. Two names of one figure never differ in practice; the
/// last wins.
struct UsageName {
    std::string_view name;
    qint64 Usage::*figure;
};

constexpr std::array totals{
    UsageName{"prompt_tokens", &Usage::inputTokens},
    UsageName{"input_tokens", &Usage::inputTokens},
    UsageName{"completion_tokens", &Usage::outputTokens},
    UsageName{"output_tokens", &Usage::outputTokens},
    UsageName{"prompt_cache_hit_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_read_input_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_creation_input_tokens", &Usage::cacheWriteTokens},
};

constexpr std::array inputParts{
    UsageName{"cached_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_creation_tokens", &Usage::cacheWriteTokens},
    UsageName{"audio_tokens", &Usage::audioInputTokens},
};

constexpr std::array outputParts{
    UsageName{"reasoning_tokens", &Usage::reasoningTokens},
    UsageName{"audio_tokens", &Usage::audioOutputTokens},
};

/// Reads one count; null counts as zero. Returns false if it is impossible.
bool readCount(simdjson::ondemand::value value, qint64 &count)
{
    simdjson::ondemand::json_type type{};
    if (value.type().get(type) != simdjson::SUCCESS) {
        return false;
    }
    if (type == simdjson::ondemand::json_type::null) {
        return true;
    }
    std::int64_t number = 0;
    if (value.get_int64().get(number) != simdjson::SUCCESS || number < 0 || number > highestCount) {
        return false;
    }
    count = number;
    return true;
}

template <std::size_t Size>
bool readNamed(const std::array<UsageName, Size> &names, std::string_view key,
               simdjson::ondemand::value value, Usage &usage)
{
    const auto found = std::ranges::find(names, key, &UsageName::name);
    return found == names.end() || readCount(value, usage.*(found->figure));
}

template <std::size_t Size>
bool readParts(const std::array<UsageName, Size> &names, simdjson::ondemand::value value,
               Usage &usage)
{
    simdjson::ondemand::object parts;
    if (value.get_object().get(parts) != simdjson::SUCCESS) {
        return true; // Null, as some providers send it.
    }
    for (auto result : parts) {
        simdjson::ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) {
            return false;
        }
        if (!readNamed(names, field.escaped_key(), field.value(), usage)) {
            return false;
        }
    }
    return true;
}

void cutParts(Usage &usage)
{
    usage.cacheReadTokens = std::min(usage.cacheReadTokens, usage.inputTokens);
    usage.cacheWriteTokens = std::min(usage.cacheWriteTokens,
                                      usage.inputTokens - usage.cacheReadTokens);
    usage.audioInputTokens = std::min(usage.audioInputTokens, usage.inputTokens);
    usage.reasoningTokens = std::min(usage.reasoningTokens, usage.outputTokens);
    usage.audioOutputTokens = std::min(usage.audioOutputTokens,
                                       usage.outputTokens - usage.reasoningTokens);
}

} // namespace

std::optional<Usage> readUsage(simdjson::ondemand::object object)
{
    Usage usage;
    bool hasTotal = false;
    for (auto result : object) {
        simdjson::ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) {
            return std::nullopt;
        }
        const std::string_view key = field.escaped_key();
        hasTotal = hasTotal || key == "prompt_tokens" || key == "input_tokens";
        bool isGood = true;
        if (key == "prompt_tokens_details" || key == "input_tokens_details") {
            isGood = readParts(inputParts, field.value(), usage);
        } else if (key == "completion_tokens_details" || key == "output_tokens_details") {
            isGood = readParts(outputParts, field.value(), usage);
        } else {
            isGood = readNamed(totals, key, field.value(), usage);
        }
        if (!isGood) {
            return std::nullopt;
        }
    }
    if (!hasTotal) {
        return std::nullopt;
    }
    cutParts(usage);
    return usage;
}

} // namespace delta::openai
