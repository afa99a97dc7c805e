#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace delta::bench {

/// One behaviour of the upstream. The first segment of a request's path names it, so that nothing
/// of the body needs to be read: `POST /long/v1/chat/completions` asks for the profile `long`.
struct Profile {
    enum class Kind {
        Whole,  ///< One body with Content-Length.
        Stream, ///< Server-sent events, then usage and `[DONE]`.
        Hold,   ///< The first event of a stream, and then nothing until the client leaves.
    };

    std::string_view name;
    Kind kind;
    std::chrono::milliseconds delay; ///< Before a whole reply, or between the events of a stream.
    std::string reply; ///< What is sent first: head and body, or the head of a stream.
};

/// Returns the profile that a start line asks for; null if there is none.
const Profile *findProfile(std::string_view startLine);

} // namespace delta::bench
