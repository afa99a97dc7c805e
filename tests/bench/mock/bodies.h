#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace delta::bench {

/// How many content events a stream has before its usage event and `[DONE]`.
constexpr int streamEvents = 200;

/// Bytes of one content event, from "data: " to the empty line.
constexpr std::size_t streamEventBytes = 243;

/// Makes a chat completion of exactly `size` bytes, with usage. Throws std::logic_error if too
/// small.
std::string makeChatBody(std::size_t size);

/// Makes an embedding of 4,690 numbers of exactly `size` bytes, with usage.
std::string makeEmbeddingsBody(std::size_t size);

/// Makes one content event, framed as an HTTP chunk. The content begins with the time at which it
/// is sent: 19 digits of nanoseconds of the monotonic clock.
std::string makeContentChunk(std::int64_t sentAtNs);

/// Makes the event that carries only usage, framed as an HTTP chunk.
std::string makeUsageChunk();

/// Makes `data: [DONE]` and the end of the chunked body.
std::string makeLastChunks();

} // namespace delta::bench
