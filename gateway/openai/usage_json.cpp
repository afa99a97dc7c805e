#include "gateway/openai/usage_json.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace delta::openai {

namespace {

constexpr qint64 highestCount = 1'000'000'000'000;

/// What a usage object says: the figures, and the sum that some providers alone count everything in.
struct Report : Usage {
    qint64 total = 0; ///< Zero: not said.
};

/// Where a name of the usage object goes. Two names of one figure never differ in practice; the
/// last wins.
struct UsageName {
    std::string_view name;
    qint64 Report::*figure;
};

constexpr std::array totals{
    UsageName{"prompt_tokens", &Usage::inputTokens},
    UsageName{"input_tokens", &Usage::inputTokens},
    UsageName{"completion_tokens", &Usage::outputTokens},
    UsageName{"output_tokens", &Usage::outputTokens},
    UsageName{"prompt_cache_hit_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_read_input_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_creation_input_tokens", &Usage::cacheWriteTokens},
    UsageName{"total_tokens", &Report::total},
};

constexpr std::array inputParts{
    UsageName{"cached_tokens", &Usage::cacheReadTokens},
    UsageName{"cache_write_tokens", &Usage::cacheWriteTokens},
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
               simdjson::ondemand::value value, Report &report)
{
    const auto found = std::ranges::find(names, key, &UsageName::name);
    return found == names.end() || readCount(value, report.*(found->figure));
}

template <std::size_t Size>
bool readParts(const std::array<UsageName, Size> &names, simdjson::ondemand::value value,
               Report &report)
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
        if (!readNamed(names, field.escaped_key(), field.value(), report)) {
            return false;
        }
    }
    return true;
}

/// Counts as output what was thought outside of it. xAI and Google leave the model's reasoning out of
/// `completion_tokens`: it is in the total, or only among the details.
void takeInReasoning(Report &report)
{
    const qint64 unnamed = report.total - report.inputTokens - report.outputTokens;
    if (unnamed > 0) {
        report.outputTokens += unnamed;
    } else if (report.total == 0 && report.reasoningTokens > report.outputTokens) {
        report.outputTokens += report.reasoningTokens;
    }
}

void cutParts(Usage &usage)
{
    usage.cacheReadTokens = std::min(usage.cacheReadTokens, usage.inputTokens);
    usage.cacheWriteTokens = std::min(usage.cacheWriteTokens,
                                      usage.inputTokens - usage.cacheReadTokens);
    // The parts must not overlap: audio that was cached counts as cached.
    usage.audioInputTokens = std::min(
        usage.audioInputTokens, usage.inputTokens - usage.cacheReadTokens - usage.cacheWriteTokens);
    usage.reasoningTokens = std::min(usage.reasoningTokens, usage.outputTokens);
    usage.audioOutputTokens = std::min(usage.audioOutputTokens,
                                       usage.outputTokens - usage.reasoningTokens);
}

} // namespace

std::optional<Usage> readUsage(simdjson::ondemand::object object)
{
    Report report;
    bool hasInput = false;
    for (auto result : object) {
        simdjson::ondemand::field field;
        if (std::move(result).get(field) != simdjson::SUCCESS) {
            return std::nullopt;
        }
        const std::string_view key = field.escaped_key();
        hasInput = hasInput || key == "prompt_tokens" || key == "input_tokens";
        bool isGood = true;
        if (key == "prompt_tokens_details" || key == "input_tokens_details") {
            isGood = readParts(inputParts, field.value(), report);
        } else if (key == "completion_tokens_details" || key == "output_tokens_details") {
            isGood = readParts(outputParts, field.value(), report);
        } else {
            isGood = readNamed(totals, key, field.value(), report);
        }
        if (!isGood) {
            return std::nullopt;
        }
    }
    if (!hasInput) {
        return std::nullopt;
    }
    takeInReasoning(report);
    cutParts(report);
    return report;
}

} // namespace delta::openai
