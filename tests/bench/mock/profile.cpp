#include "tests/bench/mock/profile.h"

#include "tests/bench/mock/bodies.h"

#include <algorithm>
#include <array>
#include <format>

namespace delta::bench {

namespace {

using Kind = Profile::Kind;
using std::chrono::milliseconds;

std::string makeReply(const std::string &body)
{
    return std::format("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n"
                       "X-Request-Id: req_0123456789abcdef\r\nOpenai-Processing-Ms: 12\r\n\r\n{}",
                       body.size(), body);
}

Profile makeWhole(std::string_view name, const std::string &body, milliseconds delay = {})
{
    return {name, Kind::Whole, delay, makeReply(body)};
}

Profile makeStream(std::string_view name, Kind kind, milliseconds delay)
{
    return {name, kind, delay,
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\n"
            "Transfer-Encoding: chunked\r\nX-Request-Id: req_0123456789abcdef\r\n\r\n"};
}

} // namespace

const Profile *findProfile(std::string_view startLine)
{
    static const std::array profiles{
        makeWhole("chat", makeChatBody(1'052)),
        makeWhole("long", makeChatBody(4'096)),
        makeWhole("embeddings", makeEmbeddingsBody(97'685)),
        makeWhole("slow20", makeChatBody(1'052), milliseconds(20)),
        makeWhole("slow1000", makeChatBody(1'052), milliseconds(1'000)),
        makeWhole("slow2000", makeChatBody(1'052), milliseconds(2'000)),
        makeStream("stream", Kind::Stream, milliseconds(10)),
        makeStream("burst", Kind::Stream, milliseconds(0)),
        makeStream("hold", Kind::Hold, milliseconds(0)),
    };
    constexpr std::string_view method = "POST /";
    if (!startLine.starts_with(method)) {
        return nullptr;
    }
    const std::string_view path = startLine.substr(method.size());
    const auto found = std::ranges::find(profiles, path.substr(0, path.find('/')), &Profile::name);
    return found == profiles.end() ? nullptr : &*found;
}

} // namespace delta::bench
