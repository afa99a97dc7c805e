#pragma once

#include "gateway/openai/model_request.h"
#include "gateway/ports/upstream_client.h"
#include "gateway/providers/answer_decoder.h"

#include <QByteArray>

#include <vector>

namespace delta::providers::test {

/// Parses a request that the test knows to be right.
inline openai::ModelRequest parsed(const QByteArray &body,
                                   openai::Operation operation = openai::Operation::ChatCompletion)
{
    auto request = openai::ModelRequest::parse(body, operation);
    if (!request) {
        qFatal("a request of the test is wrong: %s", qPrintable(request.error().message));
    }
    return *std::move(request);
}

/// Makes a chat request; `more` are further members, each with a comma before it.
inline openai::ModelRequest chat(const QByteArray &more = {})
{
    return parsed(R"({"model":"m","messages":[{"role":"user","content":"Hi"}])" + more + '}');
}

/// Makes the head of a response.
inline ports::UpstreamHead head(int status, const QByteArray &contentType,
                                const ports::HeaderList &more = {})
{
    ports::UpstreamHead result;
    result.status = status;
    result.fields = {{"content-type", contentType}};
    result.fields.insert(result.fields.end(), more.begin(), more.end());
    return result;
}

/// What a decoder made of a body.
struct Decoded {
    Result<void> outcome;
    QByteArray bytes; ///< Of all events together.
    std::size_t events = 0;
};

/// Feeds the pieces and the end of a body to a decoder, until it refuses one.
inline Decoded decode(AnswerDecoder &decoder, const std::vector<QByteArray> &pieces)
{
    Decoded decoded;
    ModelEvents events;
    for (const QByteArray &piece : pieces) {
        if (decoded.outcome) {
            decoded.outcome = decoder.feed(piece, events);
        }
    }
    if (decoded.outcome) {
        decoded.outcome = decoder.finish(events);
    }
    for (const ModelEvent &event : events) {
        decoded.bytes += event.bytes;
    }
    decoded.events = events.size();
    return decoded;
}

} // namespace delta::providers::test
