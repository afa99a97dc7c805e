#include "tests/bench/load/request_source.h"

#include <format>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace delta::bench {

namespace {

/// Text as people send it: several alphabets and characters that JSON escapes.
constexpr std::string_view prose =
    "Explain what a reverse proxy does, and why an \\\"AI gateway\\\" needs pooling, timeouts, "
    "retries "
    "and limits.\\nGrüße aus Köln, naïve café, 東京の天気は晴れです. Tab\\tseparated, path "
    "C:\\\\data, 5 € each. ";

struct Frame {
    std::string before;
    std::string after;
};

Frame frameOf(const LoadOptions &options)
{
    if (options.payload == LoadOptions::Payload::Embeddings) {
        return {std::format(R"({{"model":"{}","input":")", options.model),
                R"(","encoding_format":"float"})"};
    }
    const std::string_view streaming = options.payload == LoadOptions::Payload::Stream
        ? R"("stream":true,"stream_options":{"include_usage":true},)"
        : "";
    return {std::format(R"({{"model":"{}",{}"temperature":0.7,"max_tokens":256,"messages":[)"
                        R"({{"role":"system","content":"You are a helpful assistant."}},)"
                        R"({{"role":"user","content":")",
                        options.model, streaming),
            R"("}],"user":"u-123456"})"};
}

/// Makes a body of exactly the wanted size. Prose is only taken whole, so that no character or
/// escape is cut; plain letters fill the rest.
std::string makeBody(const LoadOptions &options)
{
    const Frame frame = frameOf(options);
    if (frame.before.size() + frame.after.size() > options.bodyBytes) {
        throw std::runtime_error("the request body cannot be that small");
    }
    const std::size_t end = options.bodyBytes - frame.after.size();
    std::string body = frame.before;
    while (body.size() + prose.size() <= end) {
        body += prose;
    }
    return body.append(end - body.size(), 'x') + frame.after;
}

KeySampler makeKeys(const LoadOptions &options)
{
    if (options.keysFile.empty()) {
        return {{options.key}, 0};
    }
    std::vector<std::string> keys = KeySampler::readKeys(options.keysFile);
    return options.keysInTurn ? KeySampler::inTurn(std::move(keys))
                              : KeySampler(std::move(keys), options.zipf);
}

constexpr std::size_t modelDigits = 5;

} // namespace

RequestSource::RequestSource(const LoadOptions &options)
    : m_keys(makeKeys(options))
    , m_models(0, options.models - 1)
    , m_beforeKey(std::format("POST {} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nAuthorization: Bearer ",
                              options.path, options.port))
{
    const std::string body = makeBody(options);
    m_afterKey = std::format("\r\nContent-Type: application/json\r\nAccept: */*\r\n"
                             "User-Agent: delta-bench/1\r\nContent-Length: {}\r\n\r\n{}",
                             body.size(), body);
    m_modelEnd = m_afterKey.find(options.model + '"') + options.model.size();
    if (options.models > 1 && options.model.size() < modelDigits) {
        throw std::runtime_error("the model's name has no room for a number");
    }
}

std::string_view RequestSource::next()
{
    drawModel();
    m_request = m_beforeKey;
    m_request += m_keys.next();
    m_request += m_afterKey;
    return m_request;
}

void RequestSource::drawModel()
{
    if (m_models.max() > 0) {
        const std::string number = std::format("{:05}", m_models(m_random));
        m_afterKey.replace(m_modelEnd - modelDigits, modelDigits, number);
    }
}

} // namespace delta::bench
