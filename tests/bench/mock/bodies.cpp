#include "tests/bench/mock/bodies.h"

#include <format>
#include <stdexcept>
#include <string_view>

namespace delta::bench {

namespace {

constexpr int embeddingNumbers = 4690;
constexpr std::size_t stampDigits = 19;

/// Fills the gap between two fixed texts with prose, so that the whole has `size` bytes.
std::string padded(std::string_view before, std::string_view after, std::size_t size)
{
    constexpr std::string_view prose = "The quick brown fox jumps over the lazy dog. ";
    if (before.size() + after.size() > size) {
        throw std::logic_error("the fixed part of a reply is larger than the reply");
    }
    const std::size_t whole = size - after.size();
    std::string text(before);
    while (text.size() < whole) {
        text.append(prose.substr(0, whole - text.size()));
    }
    return text.append(after);
}

std::string asChunk(std::string_view event)
{
    return std::format("{:x}\r\n{}\r\n", event.size(), event);
}

/// Returns a number between -1 and 1, written with exactly `size` characters.
std::string makeNumber(int index, std::size_t size)
{
    std::string number = index % 2 == 0 ? "0.0" : "-0.0";
    for (std::size_t digit = 0; number.size() < size; ++digit) {
        // Never ends in 0, so that no writer would shorten it.
        number.push_back(
            static_cast<char>('1' + (static_cast<std::size_t>(index) * 7 + digit * 5) % 9));
    }
    return number;
}

} // namespace

std::string makeChatBody(std::size_t size)
{
    constexpr std::string_view before =
        R"({"id":"chatcmpl-AbCdEf0123456789","object":"chat.completion","created":1731000000,)"
        R"("model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"message":{"role":"assistant","content":")";
    constexpr std::string_view after =
        R"(","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":157,)"
        R"("completion_tokens":117,"total_tokens":274,"prompt_tokens_details":{"cached_tokens":0},)"
        R"("completion_tokens_details":{"reasoning_tokens":0}},"system_fingerprint":"fp_0aa8d3e20b"})";
    return padded(before, after, size);
}

std::string makeEmbeddingsBody(std::size_t size)
{
    constexpr std::string_view after = R"(]}],"model":"text-embedding-3-large",)"
                                       R"("usage":{"prompt_tokens":98,"total_tokens":98}})";
    std::string text = R"({"object":"list","data":[{"object":"embedding","index":0,"embedding":[)";
    for (int index = 0; index < embeddingNumbers; ++index) {
        const auto left = static_cast<std::size_t>(embeddingNumbers - index);
        const std::size_t width = (size - text.size() - after.size() + 1) / left;
        text += makeNumber(index, width - 1);
        text += index + 1 < embeddingNumbers ? "," : "";
    }
    return text.append(after);
}

std::string makeContentChunk(std::int64_t sentAtNs)
{
    constexpr std::string_view before =
        R"(data: {"id":"chatcmpl-9f2c1a7d","object":"chat.completion.chunk",)"
        R"("created":1731000000,"choices":[{"index":0,"delta":{"content":")";
    constexpr std::string_view after =
        R"(","refusal":null},"logprobs":null,"finish_reason":null}]})"
        "\n\n";
    static const std::string unstamped = asChunk(padded(before, after, streamEventBytes));
    static const std::size_t stampOffset = unstamped.find(before) + before.size();
    // Only the stamp differs from event to event; the upstream must stay far cheaper than a proxy.
    std::string chunk = unstamped;
    for (std::size_t digit = stampDigits; digit > 0; --digit) {
        chunk[stampOffset + digit - 1] = static_cast<char>('0' + sentAtNs % 10);
        sentAtNs /= 10;
    }
    return chunk;
}

std::string makeUsageChunk()
{
    return asChunk(R"(data: {"id":"chatcmpl-9f2c1a7d","object":"chat.completion.chunk",)"
                   R"("created":1731000000,"model":"gpt-4o-mini-2024-07-18","choices":[],"usage":)"
                   R"({"prompt_tokens":157,"completion_tokens":200,"total_tokens":357}})"
                   "\n\n");
}

std::string makeLastChunks()
{
    return asChunk("data: [DONE]\n\n") + "0\r\n\r\n";
}

} // namespace delta::bench
