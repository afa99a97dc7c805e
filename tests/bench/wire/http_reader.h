#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace delta::bench {

/// What a measuring tool needs to know of an HTTP/1.1 head.
struct HttpHead {
    std::string_view startLine; ///< Without CRLF; valid during the call that brings it.
    std::uint64_t contentLength = 0;
    bool isChunked = false;
    bool hasLength = false; ///< A Content-Length was given.
};

/// Cuts a byte stream into HTTP/1.1 messages, requests and answers alike.
/// It trusts its peers, which are parts of the bench: it neither limits nor validates beyond
/// framing.
class HttpReader final
{
public:
    /// Receives the parts of a message in order.
    class Sink
    {
    public:
        virtual void onHead(const HttpHead &head) = 0;
        virtual void onBody(std::string_view bytes) = 0;
        virtual void onMessageEnd() = 0;

    protected:
        ~Sink() = default;
    };

    /// Hands `bytes` on, cut into parts. Returns whether they were HTTP/1.1.
    [[nodiscard]] bool feed(std::string_view bytes, Sink &sink);

private:
    enum class State { Head, Body, ChunkSize, ChunkData, ChunkEnd, Trailers, Broken };

    std::string_view feedHead(std::string_view bytes, Sink &sink);
    std::string_view feedBody(std::string_view bytes, Sink &sink);
    std::string_view feedLine(std::string_view bytes, Sink &sink);
    void beginBody(const HttpHead &head, Sink &sink);
    void onLine(std::string_view line, Sink &sink);
    void end(Sink &sink);

    State m_state = State::Head;
    std::string m_partial;    ///< The beginning of a head or of a line whose end has not come yet.
    std::uint64_t m_left = 0; ///< Bytes of the body or the chunk that have not come yet.
};

} // namespace delta::bench
