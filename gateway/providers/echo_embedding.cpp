#include "gateway/providers/echo_embedding.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>

namespace delta::providers {

using openai::jsonString;

namespace {

/// One step of the FNV-1a hash, which needs no library and is the same on every machine.
std::uint64_t mix(std::uint64_t hash, unsigned char byte)
{
    return (hash ^ byte) * 0x100000001B3ULL;
}

/// One step of SplitMix64, a generator that needs no more than this either.
std::uint64_t next(std::uint64_t &state)
{
    state += 0x9E3779B97F4A7C15ULL;
    std::uint64_t value = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9ULL;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EBULL;
    return value ^ (value >> 31);
}

std::vector<float> vectorOf(const QByteArray &text, qint64 dimensions)
{
    // The text is read once, however many numbers are wanted of it.
    std::uint64_t state = 0xCBF29CE484222325ULL;
    for (const char byte : text) {
        state = mix(state, static_cast<unsigned char>(byte));
    }
    std::vector<float> vector(static_cast<std::size_t>(dimensions));
    float squares = 0;
    for (float &value : vector) {
        value = static_cast<float>(static_cast<std::int16_t>(next(state) >> 48)) / 32768.0F;
        squares += value * value;
    }
    const float length = squares > 0 ? std::sqrt(squares) : 1;
    for (float &value : vector) {
        value /= length;
    }
    return vector;
}

/// Encodes the vector as little-endian floats, which is what clients ask for as "base64".
QByteArray base64Of(const std::vector<float> &vector)
{
    QByteArray bytes;
    for (const float value : vector) {
        const auto bits = std::bit_cast<std::uint32_t>(value);
        for (const int shift : {0, 8, 16, 24}) {
            bytes += static_cast<char>((bits >> shift) & 0xFF);
        }
    }
    return jsonString(bytes.toBase64());
}

QByteArray numbersOf(const std::vector<float> &vector)
{
    QByteArray text = "[";
    for (const float value : vector) {
        text += (text.size() > 1 ? "," : "")
            + QByteArray::number(static_cast<double>(value), 'g', 8);
    }
    return text + ']';
}

} // namespace

qint64 embeddingDimensions(const PromptText &prompt)
{
    constexpr qint64 ownDimensions = 16;
    return prompt.dimensions > 0 ? prompt.dimensions : ownDimensions;
}

QByteArray embeddingBody(const PromptText &prompt, const QByteArray &model, const Usage &usage)
{
    const qint64 dimensions = embeddingDimensions(prompt);
    QByteArray data;
    for (std::size_t index = 0; index < prompt.inputs.size(); ++index) {
        const std::vector<float> vector = vectorOf(prompt.inputs[index], dimensions);
        data += (index == 0 ? "" : ",") + QByteArray(R"({"object":"embedding","index":)")
            + QByteArray::number(index) + R"(,"embedding":)"
            + (prompt.wantsBase64 ? base64Of(vector) : numbersOf(vector)) + '}';
    }
    const QByteArray tokens = QByteArray::number(usage.inputTokens);
    return R"({"object":"list","data":[)" + data + R"(],"model":)" + jsonString(model)
        + R"(,"usage":{"prompt_tokens":)" + tokens + R"(,"total_tokens":)" + tokens + "}}";
}

} // namespace delta::providers
